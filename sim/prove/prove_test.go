package prove_test

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/models"
	"parley/sim/compare"
	"parley/sim/prove"
	"parley/sim/scenario"
)

// load reads a policy with replacements in its first text.
func load(t *testing.T, name string, replace ...string) compare.Policy {
	t.Helper()
	p, err := compare.Load(name, func(part string) ([]byte, error) {
		text, ok := models.Text(part)
		if !ok {
			t.Fatalf("no model %s", part)
		}
		changed := string(text)
		for i := 0; i < len(replace); i += 2 {
			if !strings.Contains(changed, replace[i]) {
				t.Fatalf("%s does not hold %q", part, replace[i])
			}
			changed = strings.Replace(changed, replace[i], replace[i+1], 1)
		}
		return []byte(changed), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func search(t *testing.T, p compare.Policy, o prove.Options) prove.Report {
	t.Helper()
	o.Policy = p
	if o.Shapes == nil {
		o.Shapes = []prove.Shape{{Hosts: 2, Guests: 3}, {Hosts: 3, Guests: 4}}
	}
	r, err := prove.Search(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// repeats fails unless the scenario of a counterexample, with the same policy, breaks what
// it says.
func repeats(t *testing.T, p compare.Policy, c *prove.Counterexample) {
	t.Helper()
	var file bytes.Buffer
	if err := c.Write(&file, "a.lcc"); err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read(&file, "found.yaml", scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(1, p.Models)
	if err != nil {
		t.Fatal(err)
	}
	r, err := site.Run()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Unmet) == 0 {
		t.Errorf("%s: %s: the scenario meets what it expects:\n%s", c.Property, c.Why, file.String())
	}
}

// The same search gives the same answer, whatever the number of processors.
func TestSameAnswer(t *testing.T) {
	var first prove.Report
	for _, atOnce := range []int{1, 3} {
		r := search(t, load(t, "seed"), prove.Options{Sites: 20, Deviations: 1, Runs: 600, AtOnce: atOnce})
		if r.Found == nil {
			t.Fatal("nothing was found")
		}
		r.Found.Site.Policies = nil
		if atOnce == 1 {
			first = r
		} else if !reflect.DeepEqual(r, first) {
			t.Errorf("got %+v, want %+v", r, first)
		}
	}
}

// Shipped policies pass; seed and sender_initiated do not, as docs/prove.md says.
func TestShippedPolicies(t *testing.T) {
	runs := 600
	if testing.Short() {
		runs = 150
	}
	for _, name := range models.Names() {
		switch name {
		case "shop": // not a policy for hosts
			continue
		case "sender_initiated": // it uses what gossip notes
			name = "gossip+sender_initiated"
		}
		t.Run(name, func(t *testing.T) {
			p := load(t, name)
			r := search(t, p, prove.Options{Deviations: 1, Runs: runs, Shapes: []prove.Shape{{Hosts: 2, Guests: 3}}})
			if name == "seed" || name == "gossip+sender_initiated" {
				if r.Found == nil {
					t.Fatal("nothing was found")
				}
				repeats(t, p, r.Found)
				return
			}
			if r.Found != nil {
				t.Errorf("got %s: %s %v %v, want nothing", r.Found.Property, r.Found.Why, r.Found.Loads, r.Found.Deviations)
			}
			if !testing.Short() && len(r.Levels) < 2 {
				t.Errorf("got %+v, want runs with a deviation", r.Levels)
			}
		})
	}
}

// Bounds that are reached are said.
func TestLeft(t *testing.T) {
	r := search(t, load(t, "evacuate"), prove.Options{Sites: 1, Deviations: 1, Runs: 30, Shapes: []prove.Shape{{Hosts: 2, Guests: 3}}})
	if left := r.Left(); !slices.ContainsFunc(left, func(line string) bool { return strings.Contains(line, "ways to deviate") }) {
		t.Errorf("got %q, want the ways to deviate in it", left)
	}
}
