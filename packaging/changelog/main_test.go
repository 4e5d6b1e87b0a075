package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

const text = `# What changed

Newest first.

## Unreleased

Upgrade all hosts
of a site.

### Safer
- One rule.
- Another one,
  over two lines.

## 0.4.0 (2026-11-21)

- The first package.
`

var example = options{version: "0.5.0-1", date: time.Unix(1800000000, 0).UTC(), packager: "me <me@example.org>"}

func TestEntries(t *testing.T) {
	list, err := entries([]byte(text), example)
	if err != nil || len(list) != 2 {
		t.Fatalf("got %v, %v, want two releases", list, err)
	}
	var notes []string
	for _, c := range list[0].Changes {
		notes = append(notes, c.Note)
	}
	if got := strings.Join(notes, "|"); got != "Upgrade all hosts of a site.|One rule.|Another one, over two lines." {
		t.Errorf("the changes: got %q", got)
	}
	if list[0].Semver != "0.5.0-1" || !list[0].Date.Equal(example.date) {
		t.Errorf("what is not released: got %+v, want the version and the time of the package", list[0])
	}
	if list[1].Semver != "0.4.0" || list[1].Date.Format(time.DateOnly) != "2026-11-21" {
		t.Errorf("what is released: got %+v, want its own version and date", list[1])
	}
}

func TestEntriesFaults(t *testing.T) {
	for text, want := range map[string]string{
		"# What changed\n":         "no release",
		"## 0.4.0\n- x\n":          "YYYY-MM-DD",
		"## 0.4.0 (2026-13-01)\n-": "out of range",
	} {
		if _, err := entries([]byte(text), example); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// The project's own changelog can be read.
func TestOwnChangelog(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, []string{"-file", "../../CHANGELOG.md", "-version", "9.9.9", "-packager", "me"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "semver: 0.4.0") {
		t.Errorf("the first release is not in it:\n%s", out.String())
	}
}
