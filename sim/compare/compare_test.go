package compare

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"parley/models"
	"parley/sim/scenario"
)

func shipped(name string) ([]byte, error) {
	text, ok := models.Text(name)
	if !ok {
		return nil, fmt.Errorf("no model %s", name)
	}
	return text, nil
}

func load(t *testing.T, name string) Policy {
	t.Helper()
	p, err := Load(name, shipped)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLoad(t *testing.T) {
	if p := load(t, "none"); len(p.Models) != 0 || p.Name != "none" {
		t.Errorf("none: got %d models, want none", len(p.Models))
	}
	if p := load(t, "agility+swap"); len(p.Models) != 2 || p.Models[0].Name() != "agility" || p.Models[1].Name() != "swap" {
		t.Errorf("agility+swap: got %v, want both in this order", p.Models)
	}
	plain, other := load(t, "agility"), load(t, "agility[gap=0.3; quiet=0.1]+swap")
	if plain.Models[0].Digest() == other.Models[0].Digest() || len(other.Models) != 2 {
		t.Error("parameters: got the same model, want another one, and the second beside it")
	}
	if sums := other.Digests(); sums[0].Name != "agility[gap=0.3; quiet=0.1]" || sums[1].Name != "swap" {
		t.Errorf("parameters: got the digests %v, want the values in the names", sums)
	}
	if same := load(t, "agility[gap=0.12]"); same.Models[0].Digest() != plain.Models[0].Digest() {
		t.Error("gap=0.12: got another model, want the one that has this value")
	}
}

func TestLoadErrors(t *testing.T) {
	for name, want := range map[string]string{
		"nothing":               "no model nothing",
		"agility+":              "no model ",
		"agility[gap=0.3":       "write parameters as agility[gap=0.1;quiet=0.3]",
		"agility[gap]":          "write parameters as",
		"agility[=1]":           "write parameters as",
		"agility[gap=]":         "write parameters as",
		"agility[gpa=1]":        "it has no parameter gpa: did you mean gap?",
		"agility[shops=1]":      "0 facts shops(_)",
		"agility[overloaded=1]": "0 facts overloaded(_)",
		"agility[gap=0.3)]":     "policy agility: ",
		"agility[gap=x]":        "policy agility: gap=x: give a number, as gap(0.12) in its text",
		"sample[counts=1]":      "policy sample: counts=1: give no number, as counts(all) in its text",
		"shop":                  "policy shop: no host would enact it: no_vocabulary: no host has the constraint",
		"misspelt.lcc":          "no host has the constraint underloadd/1: did you mean underloaded?",
	} {
		_, err := Load(name, func(name string) ([]byte, error) {
			if name == "misspelt.lcc" {
				return []byte("r(x, initial). a(x, X) :: null <- underloadd(_)"), nil
			}
			return shipped(name)
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, want)
		}
	}
}

const text = `
title: Small
hosts: [{name: h, count: 4, cores: 8, memory: 32 GiB}]
guests: [{name: g, count: 16, place: skewed, sizes: [{cores: 2, memory: 1 GiB}], load: {kind: beta, a: 2, b: 3}}]
network: {loss: 0.1}
figures: [migrations, bytes_host, energy]
`

func options(t *testing.T, policies ...string) Options {
	t.Helper()
	s, err := scenario.Read(strings.NewReader(text), "small.yaml", scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Scenario: s, Seeds: []uint64{5, 6, 7}}
	for _, name := range policies {
		o.Policies = append(o.Policies, load(t, name))
	}
	return o
}

// The results and their order do not depend on the number of concurrent runs.
func TestRunInAnyOrder(t *testing.T) {
	var want []Result
	for _, atOnce := range []int{1, 3, 0} {
		o := options(t, "none", "agility")
		o.AtOnce, o.Charts = atOnce, true
		got, err := Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got {
			if r.Policy != i/3 || r.Seed != uint64(5+i%3) {
				t.Errorf("result %d: got policy %d and seed %d", i, r.Policy, r.Seed)
			}
			if r.Site.Course == nil || len(r.Site.Course.On) == 0 {
				t.Fatalf("result %d has no course", i)
			}
			if mapped := len(r.Site.Course.Load) > 0; mapped != (i%3 == 0) {
				t.Errorf("result %d: the load of its hosts is there: %v; want that of the first seed of each policy", i, mapped)
			}
			got[i].Took = 0
		}
		if want == nil {
			want = got
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d at one time: got other results than one after the other", atOnce)
		}
	}
	if n := want[0].Site.Figures.Migrations; n != 0 {
		t.Errorf("nobody moves anything: got %d migrations", n)
	}
	if n := want[3].Site.Figures.Migrations; n == 0 {
		t.Error("agility: got no migration, want some")
	}
}

// Progress rises to 1, and a cancelled run ends with the reason.
func TestProgressAndEnd(t *testing.T) {
	o := options(t, "agility")
	last := 0.0
	o.Progress = func(share float64) {
		if share < last || share > 1 {
			t.Errorf("progress: got %v after %v", share, last)
		}
		last = share
	}
	if _, err := Run(t.Context(), o); err != nil || last != 1 {
		t.Errorf("got %v and a progress of %v, want all done", err, last)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(float64) { cancel() }
	if _, err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was called off", err)
	}
}

func TestComparison(t *testing.T) {
	o := options(t, "none", "agility")
	results, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	keys := func() (all []string) {
		c := o.Comparison(results)
		for _, m := range c.Measures {
			all = append(all, m.Key)
		}
		return all
	}
	if got := keys(); !reflect.DeepEqual(got, []string{"migrations", "energy"}) {
		t.Errorf("figures: got %v, want those of the scenario in its order, bytes only when they are counted", got)
	}
	o.Wire = true
	if got := keys(); !reflect.DeepEqual(got, []string{"migrations", "bytes_host", "energy"}) {
		t.Errorf("figures: got %v, want the bytes too", got)
	}
	c := o.Comparison(results)
	if c.Title != "Small" || c.Hosts != 4 || c.Guests != 16 || len(c.Policies) != 2 || len(c.Policies[1].Runs) != 3 {
		t.Errorf("got %q, %d hosts, %d guests, %d policies; want the scenario and three runs of each policy", c.Title, c.Hosts, c.Guests,
			len(c.Policies))
	}
	if run := c.Policies[1].Runs[2]; run.Seed != 7 || run.Values["migrations"] != float64(results[5].Site.Figures.Migrations) {
		t.Errorf("got %+v, want the figures of the last run", run)
	}
}

// The error of an invalid site names its policy.
func TestErrorNamesPolicy(t *testing.T) {
	o := options(t, "agility")
	o.Scenario.Groups.By = "size" // without a size, which a file cannot express
	if _, err := Run(t.Context(), o); err == nil || !strings.HasPrefix(err.Error(), "policy agility: sim: groups: ") {
		t.Errorf("got %v, want an error that names the policy", err)
	}
}
