package compare

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/sim"
	"parley/sim/scenario"
)

// lengths is a site on which doing nothing is quiet long before a policy is.
const lengths = `
title: Length
hosts: [{name: host, count: 6, cores: 8, memory: 64 GiB, power: [100, 200]}]
guests: [{name: guest, count: 24, place: skewed, sizes: [{cores: 2, memory: 4 GiB}], load: {kind: beta, a: 4, b: 2}}]
`

func lengthsOptions(t *testing.T, policies ...string) Options {
	t.Helper()
	s, err := scenario.Read(strings.NewReader(lengths), "len.yaml", scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Scenario: s, Seeds: []uint64{1, 2, 3}}
	for _, name := range policies {
		o.Policies = append(o.Policies, load(t, name))
	}
	return o
}

// All runs of a seed cover the span of the longest, and a run is what it would be alone
// for that span.
func TestRunsOfOneSeedCoverOneSpan(t *testing.T) {
	o := lengthsOptions(t, "none", "agility", "sample")
	together, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	longer := 0
	for policy := range o.Policies {
		one := o
		one.Policies = o.Policies[policy : policy+1]
		alone, err := Run(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range o.Seeds {
			r, longest := together[policy*len(o.Seeds)+seed].Site, time.Duration(0)
			for other := range o.Policies {
				longest = max(longest, together[other*len(o.Seeds)+seed].Site.Ran)
			}
			if r.Ran != longest {
				t.Errorf("%s, seed %d: ran for %v, want the longest of all policies, %v", one.Policies[0].Name, seed+1, r.Ran, longest)
			}
			if r.Ran > alone[seed].Site.Ran {
				longer++
				if r.Figures.EnergyKWh <= alone[seed].Site.Figures.EnergyKWh {
					t.Errorf("%s, seed %d: got %v kWh in %v, want more than in the shorter run alone", one.Policies[0].Name, seed+1,
						r.Figures.EnergyKWh, r.Ran)
				}
			}
		}
	}
	if longer == 0 {
		t.Error("no run had to continue: the site does not show anything")
	}
}

// A run that continued has the same figures as one that never stopped.
func TestContinuedRunIsWhole(t *testing.T) {
	o := lengthsOptions(t, "none", "agility")
	o.Seeds = o.Seeds[:1]
	parts, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Scenario.Run.Quiet, o.Scenario.Run.Limit = -1, parts[0].Site.Ran
	o.Policies = o.Policies[:1]
	whole, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := parts[0].Site.Figures, whole[0].Site.Figures; !near(got.EnergyKWh, want.EnergyKWh) || got.Messages != want.Messages ||
		got.Adverts != want.Adverts || !reflect.DeepEqual(parts[0].Site.After, whole[0].Site.After) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func near(a, b float64) bool { return a-b < 1e-9*b && b-a < 1e-9*b }

// A kept run is taken if it has the course that is wanted: an older one is run again.
func TestKeptCourse(t *testing.T) {
	with := func(c *sim.Course) Result { return Result{Site: sim.SiteResult{Course: c}} }
	load := [][]float32{{1}}
	for i, c := range []struct {
		options Options
		kept    Result
		seed    int
		want    bool
	}{
		{Options{}, with(nil), 0, true},
		{Options{Charts: true}, with(nil), 1, false},
		{Options{Charts: true}, with(&sim.Course{Load: load}), 0, false},
		{Options{Charts: true}, with(&sim.Course{On: []float64{1}}), 0, false},
		{Options{Charts: true}, with(&sim.Course{On: []float64{1}}), 1, true},
		{Options{Charts: true}, with(&sim.Course{On: []float64{1}, Load: load}), 0, true},
		{Options{Courses: true}, with(&sim.Course{On: []float64{1}}), 1, false},
	} {
		if got := c.options.enough(c.kept, c.seed); got != c.want {
			t.Errorf("case %d: got %v, want %v", i, got, c.want)
		}
	}
}
