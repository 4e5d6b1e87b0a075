package prove_test

import (
	"bytes"
	"context"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/internal/race"
	"parley/models"
	"parley/sim/compare"
	"parley/sim/prove"
	"parley/sim/scenario"
)

var smallest = []prove.Shape{{Hosts: 2, Guests: 3}}

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
		p := load(t, "swap", unreleased...)
		r := search(t, p, prove.Options{Bounds: prove.Bounds{Deviations: 1, Runs: 2000}, AtOnce: atOnce, Shapes: smallest})
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

// Shipped policies pass: with PARLEY_PROVE as far as the command explores them, else as far as
// some hundred runs go.
func TestShippedPolicies(t *testing.T) {
	if race.Detector {
		t.Skip("TestSameAnswer has the detector watch a search")
	}
	shapes, bounds := smallest, prove.Bounds{Deviations: 1, Runs: 600}
	switch {
	case os.Getenv("PARLEY_PROVE") != "":
		shapes, bounds = prove.Shapes([]int{2, 3, 4}, []int{3, 4, 5, 6}), prove.Usual
		prove.Roomy()
	case testing.Short():
		bounds.Runs = 150
	}
	for _, name := range models.Names() {
		switch name {
		case "shop": // not a policy for hosts
			continue
		case "sender_initiated": // it uses what gossip notes
			name = "gossip+sender_initiated"
		}
		t.Run(name, func(t *testing.T) {
			r := search(t, load(t, name), prove.Options{Bounds: bounds, Shapes: shapes})
			if r.Found != nil {
				t.Errorf("got %s: %s %v %v, want nothing", r.Found.Property, r.Found.Why, r.Found.Loads, r.Found.Deviations)
			}
			if !testing.Short() && r.Shapes[0].Levels[1].Runs == 0 {
				t.Errorf("got %+v, want runs with a deviation", r.Shapes)
			}
			t.Logf("%d runs; not explored: %q", r.Runs, r.Left())
		})
	}
}

// A search with few sites ends by itself: it explores all ways to deviate of these sites.
func TestEnds(t *testing.T) {
	if race.Detector {
		t.Skip("TestSameAnswer has the detector watch a search")
	}
	r := search(t, load(t, "vickrey"), prove.Options{Bounds: prove.Bounds{Sites: 10, Deviations: 2, Deviating: 1, Runs: 100_000},
		Shapes: []prove.Shape{{Hosts: 2, Guests: 1}, {Hosts: 3, Guests: 3}}})
	for _, shape := range r.Shapes {
		for depth, l := range shape.Levels {
			if l.Runs == 0 || l.Runs != l.All || l.New > l.Runs {
				t.Errorf("%+v, %d deviations: got %+v, want all runs", shape.Shape, depth, l)
			}
		}
	}
	var sites [][]int
	for _, shape := range r.Shapes {
		var list []int
		for _, l := range shape.Levels {
			list = append(list, l.Sites)
		}
		sites = append(sites, list)
	}
	if all := r.Shapes[0].Sites; !reflect.DeepEqual(sites, [][]int{{all, all, 1}, {10, 1}}) {
		t.Errorf("got %+v, want deviations on all small sites, and twice on one, and on one of the larger", r.Shapes)
	}
}

// Bounds that are reached are said.
func TestLeft(t *testing.T) {
	r := search(t, load(t, "evacuate"), prove.Options{Bounds: prove.Bounds{Sites: 1, Deviations: 1, Runs: 30}, Shapes: smallest})
	if left := r.Left(); !slices.ContainsFunc(left, func(line string) bool { return strings.Contains(line, "ways to deviate") }) {
		t.Errorf("got %q, want the ways to deviate in it", left)
	}
}
