package compare

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parley/sim"
	"parley/sim/scenario"
)

// A clock that is looked at shows some time more at each look.
func tickingClock(step time.Duration) func() time.Time {
	var clock time.Time
	return func() time.Time {
		clock = clock.Add(step)
		return clock
	}
}

func running(t *testing.T) *sim.Running {
	t.Helper()
	o := lengthsOptions(t, "agility")
	site, err := o.Scenario.Site(1, o.Policies[0].Models)
	if err != nil {
		t.Fatal(err)
	}
	site.Limit = 30 * 24 * time.Hour
	run, err := site.Start()
	if err != nil {
		t.Fatal(err)
	}
	run.Cancelled = t.Context().Err
	return run
}

// A sample ends soon on the clock, whatever the pace, and is extrapolated to the span.
func TestExtrapolated(t *testing.T) {
	const month = 30 * 24 * time.Hour
	for _, step := range []time.Duration{50 * time.Millisecond, time.Second, time.Minute} {
		run, began, now := running(t), time.Time{}, tickingClock(step)
		got, err := extrapolated(run, month, now)
		if err != nil {
			t.Fatal(err)
		}
		took := now().Sub(began)
		if most := sampleMost + 6*step; took > most {
			t.Errorf("looks of %v: the sample takes %v, want at most %v", step, took, most)
		}
		if ran := run.Ran(); ran < month && got < took {
			t.Errorf("looks of %v: got %v for a month, and %v for %v of it", step, got, took, ran)
		}
	}
	run := running(t)
	if got, err := extrapolated(run, 90*time.Second, tickingClock(time.Millisecond)); err != nil || got > 10*time.Millisecond ||
		run.Ran() != 90*time.Second {
		t.Errorf("a short span: got %v (%v) after %v, want what it took", got, err, run.Ran())
	}
	failed := errors.New("no")
	run = running(t)
	run.Cancelled = func() error { return failed }
	if _, err := extrapolated(run, month, tickingClock(time.Millisecond)); !errors.Is(err, failed) {
		t.Errorf("got %v, want the fault of the run", err)
	}
}

// An estimate counts the runs that are not kept, and says which policy costs most.
func TestEstimate(t *testing.T) {
	s, err := scenario.Read(strings.NewReader(lengths+"run: {limit: 720h}\n"), "len.yaml", scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Scenario: s, Seeds: []uint64{1, 2, 3}, Policies: []Policy{load(t, "none"), load(t, "agility"), load(t, "sample")}, AtOnce: 2}
	o.Kept = func(policy int, seed uint64) (Result, bool) { return Result{}, policy == 2 || policy == 1 && seed == 1 }
	looks := 0
	clock := tickingClock(150 * time.Millisecond)
	now := func() time.Time { looks++; return clock() }
	cost, err := Estimate(t.Context(), o, now)
	if err != nil {
		t.Fatal(err)
	}
	if cost.Runs != 5 || cost.Hosts != 6 || cost.Guests != 24 || cost.Span != 30*24*time.Hour || len(cost.Policies) != 2 {
		t.Errorf("got %+v, want 5 runs of none and agility", cost)
	}
	if c := cost.Costliest(); c.Name != "agility" && c.Name != "none" || c.Share <= 0.5 || c.Share >= 1 {
		t.Errorf("got %+v, want one of two with more than half", c)
	}
	one := o
	one.AtOnce = 1
	if all, err := Estimate(t.Context(), one, tickingClock(150*time.Millisecond)); err != nil || all.Time < 19*cost.Time/10 {
		t.Errorf("on one processor: got %v (%v), want twice %v", all.Time, err, cost.Time)
	}
	o.Kept = func(int, uint64) (Result, bool) { return Result{}, true }
	if cost, err := Estimate(t.Context(), o, now); err != nil || cost.Time != 0 {
		t.Errorf("all kept: got %+v (%v), want nothing", cost, err)
	}
	o = lengthsOptions(t, "none")
	looks = 0
	if cost, err := Estimate(t.Context(), o, now); err != nil || cost.Time != 0 || looks != 0 {
		t.Errorf("a short comparison: got %+v (%v) with %d looks, want no sample", cost, err, looks)
	}
}
