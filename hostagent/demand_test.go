package hostagent

import (
	"math"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// Hosts whose processors are full differ in the demand of their guests; if the
// processors are not full, waiting does not count as demand.
func TestOverloadBeyondFull(t *testing.T) {
	for name, c := range map[string]struct {
		guests    int
		use, wait float64 // cores, of each guest; it has two
		want      float64 // share of 4 cores
	}{
		"full and 180 % wanted":             {8, 0.5, 0.4, 1.8},
		"full and 110 % wanted":             {8, 0.5, 0.05, 1.1},
		"no guest wants more than it has":   {4, 1, 1.9, 2},
		"not full, and a quota makes wait":  {4, 0.5, 1.2, 0.5},
		"nearly full: a part of it counts":  {8, 0.475, 0.2, 0.95 + 0.2},
		"full, and nobody waits for a core": {4, 1, 0, 1},
	} {
		core, err := New(Options{Self: "h", Config: configWith(func(c *Config) { c.SampleEvery, c.Smoothing = time.Second, time.Second })})
		if err != nil {
			t.Fatal(err)
		}
		for second := range 60 {
			at := time.Duration(second+1) * time.Second
			var guests []Guest
			for n := range c.guests {
				g := guestOf(GuestID('a'+rune(n)), 2, 1, 0)
				g.Declared.CPU = 2
				g.CPUTime = time.Duration(c.use * float64(at))
				g.Delay = time.Duration(c.wait * float64(at))
				guests = append(guests, g)
			}
			if _, err := core.Step(lcc.Instant(at), Observed{Observation: Observation{Capacity: Resources{CPU: 4, MemoryBytes: 64 << 30},
				Guests: guests}}); err != nil {
				t.Fatal(err)
			}
		}
		got := core.load.meanUse().CPU / 4
		if math.Abs(got-c.want) > 0.01 || math.Abs(core.load.shareOf(core.load.used())-c.want) > 0.02 {
			t.Errorf("%s: got %.3f, with deviations %.3f, want %.3f", name, got, core.load.shareOf(core.load.used()), c.want)
		}
		if need := core.load.need(core.load.byID[0]).CPU; math.Abs(need*float64(c.guests)-c.want*4) > 0.1 {
			t.Errorf("%s: a guest needs %.3f cores, want a part of %.3f", name, need, c.want*4)
		}
	}
}

// The refusal of a guest of which a part remains here says so, and what to do.
func TestHalfOfAMoveIsSaid(t *testing.T) {
	for state, want := range map[GuestState]string{
		Running: "the guest is on this host", Paused: "it is paused on this host", Incoming: "`virsh destroy web`",
	} {
		target := newEnd(t, "tgt", Guest{ID: "g", Name: "web", State: state})
		target.hears("src", payload{Kind: kindQuote, Deal: "q", Guest: "g", CPU: 1, Memory: 1 << 30})
		if said := target.said(kindRefuse); len(said) != 1 || !strings.Contains(said[0].Reason, want) {
			t.Errorf("%s: got %+v, want a no with %q", state, said, want)
		}
	}
}
