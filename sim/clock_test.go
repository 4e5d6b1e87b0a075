package sim

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/lcc"
)

// A clock never goes back, and an event that is planned for a clock value sees that
// value.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clock{rate: rapid.Float64Range(0, 1.99).Draw(t, "rate")}
		if c.rate > 0 {
			c.rate = max(0.01, c.rate)
		}
		at := lcc.Instant(rapid.Int64Range(1, int64(48*time.Hour)).Draw(t, "at"))
		if later := at + lcc.Instant(rapid.Int64Range(0, 1e9).Draw(t, "more")); c.shows(at) > c.shows(later) {
			t.Fatalf("it shows %d at %d and %d at %d", c.shows(at), at, c.shows(later), later)
		}
		if when := c.when(at); c.shows(when) < at || c.shows(when) > at+1000 {
			t.Fatalf("it shows %d when it is to show %d", c.shows(when), at)
		}
	})
}

// Each clock has its own error within the bound; without faults all clocks are right.
func TestClocksByChance(t *testing.T) {
	o := crooked(t, 50, 0, 1)
	o.Faults = Faults{Drift: 0.1, Skew: time.Hour}
	s := bare(t, o)
	fast, early := 0, 0
	for _, h := range s.hosts {
		if h.clock.rate < 0.9 || h.clock.rate > 1.1 || h.clock.skew.Abs() > time.Hour {
			t.Errorf("%s: got %+v, want at most a tenth and an hour", h.Name, h.clock)
		}
		if h.clock.rate > 1 {
			fast++
		}
		if h.clock.skew < 0 {
			early++
		}
	}
	if fast < 10 || fast > 40 || early < 10 || early > 40 {
		t.Errorf("%d of 50 are fast, %d early; want about half", fast, early)
	}
	if right := bare(t, crooked(t, 1, 0, 1)).hosts[0].clock; right != (clock{}) {
		t.Errorf("without faults: got %+v, want a clock that is right", right)
	}
	o.Faults.Drift = 1
	_, err := o.Run()
	wantError(t, err, "the drift of clocks is a share")
}
