package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestShape runs everything with small numbers and checks the output, not the times.
func TestShape(t *testing.T) {
	var out strings.Builder
	o := options{interactions: 50, rounds: 1, idle: 100, changes: 1000}
	if err := o.run(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`(?m)^  engines, 1 at once +\d+ +\d+ +\d+\.\d\d$`, `(?m)^  by hand, 100 at once +\d+ +\d+ +1\.00$`,
		`(?m)^  Erlang(, 100 at once +\d+|: left out)`, `100 idle agents: \d+ MB, \d+ bytes each`,
		`1000 changes of role: \d+ ns each, -?\d+ bytes more`, `compile agility \(\d+ bytes\): [\d.]+ ms`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no line like %s in\n%s", want, out.String())
		}
	}
}

func TestWithoutErlang(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := newErlang(); err != errNoErlang {
		t.Errorf("got %v, want %v", err, errNoErlang)
	}
}
