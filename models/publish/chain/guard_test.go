package chain

import (
	"strings"
	"testing"

	"parley/models/publish/bundle"
)

func TestTrips(t *testing.T) {
	hour := Sample{Seconds: 3600, GuestSeconds: 36_000, OverloadSeconds: 360}
	for _, c := range []struct {
		name        string
		base, since Sample
		guard       bundle.Guard
		want        string // a part of it; "": it goes on
	}{
		{"nothing", hour, Sample{}, bundle.Guard{}, ""},
		{"two migrations", hour, Sample{GuestSeconds: 1, Migrations: 2}, bundle.Guard{}, ""},
		{"three at once", hour, Sample{GuestSeconds: 1, Migrations: 3}, bundle.Guard{}, "3 migrations"},
		{"four a guest-hour", hour, Sample{GuestSeconds: 3600, Migrations: 4}, bundle.Guard{}, ""},
		{"five a guest-hour", hour, Sample{GuestSeconds: 3600, Migrations: 5}, bundle.Guard{}, "5 migrations"},
		{"of more guests", hour, Sample{GuestSeconds: 7200, Migrations: 5}, bundle.Guard{}, ""},
		{"a patient guard", hour, Sample{GuestSeconds: 3600, Migrations: 5}, bundle.Guard{Migrations: 5}, ""},
		{"three deals failed", hour, Sample{Failed: 3}, bundle.Guard{}, ""},
		{"four deals failed", hour, Sample{Failed: 4}, bundle.Guard{}, "4 of 4"},
		{"half failed", hour, Sample{Failed: 2, Done: 2}, bundle.Guard{}, ""},
		{"overload of a minute", hour, Sample{Seconds: 60, OverloadSeconds: 20}, bundle.Guard{}, "share of 0.33"},
		{"not yet a minute", hour, Sample{Seconds: 59, OverloadSeconds: 59}, bundle.Guard{}, ""},
		{"hardly more than before", hour, Sample{Seconds: 60, OverloadSeconds: 17}, bundle.Guard{}, ""},
		{"nothing to compare with", Sample{}, Sample{Seconds: 60, OverloadSeconds: 60}, bundle.Guard{}, ""},
		{"a strict guard", hour, Sample{Seconds: 60, OverloadSeconds: 10}, bundle.Guard{Overload: 0.05}, "share of 0.17"},
	} {
		got := active{Base: c.base, Since: c.since}.trips(c.guard)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSampleSteps(t *testing.T) {
	last := Sample{10, 20, 5, 3, 2, 1}
	if got := (Sample{20, 40, 6, 3, 4, 1}).minus(last); got != (Sample{10, 20, 1, 0, 2, 0}) {
		t.Errorf("got %+v, want what came since", got)
	}
	// A new process counts from zero.
	for _, fresh := range []Sample{{1, 20, 5, 3, 2, 1}, {10, 1, 5, 3, 2, 1}, {10, 20, 1, 3, 2, 1}, {10, 20, 5, 1, 2, 1}, {10, 20, 5, 3, 1, 1},
		{10, 20, 5, 3, 2, 0}} {
		if got := fresh.minus(last); got != fresh {
			t.Errorf("got %+v, want all of %+v", got, fresh)
		}
	}
}

// TestHistory: what is compared with is the last hour, however often it is sampled.
func TestHistory(t *testing.T) {
	_, f := begun(t)
	for i := range 1000 {
		step(t, f, Sampled{Sample{Seconds: float64(10 * i)}})
	}
	sum := Sample{}
	for _, s := range f.measured.history {
		sum = sum.plus(s)
	}
	if sum.Seconds < 3400 || sum.Seconds > 3600 || len(f.measured.history) > historyMost {
		t.Errorf("got %g seconds in %d parts, want about an hour", sum.Seconds, len(f.measured.history))
	}
}
