package hostagent

import (
	"testing"
	"time"
)

// arrivesWith ends a deal that brought the guest g, with that much unrest as its source says.
func (e *end) arrivesWith(unrest float64, operator bool) {
	d := &deal{id: "d", guest: "g", source: "src", target: e.core.self, side: TargetSide, operator: operator, sequel: sequel{unrest: unrest}}
	e.core.past.came(d, e.core.wall)
}

// Each move by a policy doubles the cool-down of a guest that was moved already, at most
// four times. It goes back by itself, and an operator's move adds nothing.
func TestRestlessGuestStays(t *testing.T) {
	plain := DefaultConfig().Cooldown
	for name, c := range map[string]struct {
		before   float64
		operator bool
		want     time.Duration // how long the guest stays
	}{
		"the first move":       {0, false, plain},
		"the second":           {0.9, false, 2 * plain},
		"the third":            {2, false, 4 * plain},
		"the tenth":            {9, false, 16 * plain},
		"a liar's":             {1e9, false, 16 * plain},
		"an operator's":        {0, true, 0},
		"an operator's, later": {2, true, 2 * plain},
	} {
		t.Run(name, func(t *testing.T) {
			h := newEnd(t, "h", Guest{ID: "g", Name: "web", State: Running})
			h.arrivesWith(c.before, c.operator)
			came := h.core.wall
			for _, moment := range []struct {
				at   time.Duration
				want bool
			}{{0, c.want > plain}, {c.want - time.Second, c.want > plain}, {c.want + time.Second, false}} {
				h.core.wall = came.Add(moment.at)
				if got := h.core.past.whyRestless("g").Is(); got != moment.want {
					t.Errorf("after %v: the guest stays: %v", moment.at, got)
				}
			}
			h.core.wall = came.Add(24 * time.Hour)
			if h.core.past.forgetUnrest(); len(h.core.past.restless) != 0 {
				t.Errorf("a day later: %v", h.core.past.restless)
			}
		})
	}
}

// A restless guest stays while its host has room, and may leave a full host.
func TestFullHostGivesRestless(t *testing.T) {
	h := newEnd(t, "h", Guest{ID: "g", Name: "web", State: Running})
	h.arrivesWith(3, false)
	if why := h.core.eligible.whyNotMove(h.core.load.guests["g"]); why.Code != CodeCooling {
		t.Errorf("got %v, want a cool-down", why)
	}
	h.core.load.guests["g"].use.mean = 8
	if why := h.core.eligible.whyNotMove(h.core.load.guests["g"]); why.Is() {
		t.Errorf("at a full host: %v", why)
	}
}

// A move that was to relieve its hosts and did not counts twice; one that was to cost them
// something, as to save power, counts once.
func TestMoveThatDoesNotPay(t *testing.T) {
	for name, c := range map[string]struct {
		cores float64 // of the guest after the move
		want  time.Duration
	}{
		"it pays":              {2, time.Minute},
		"the guest falls idle": {0, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, b := balance(t)
			b.guests["web"].cores = c.cores
			w.run(6 * time.Minute)
			past := b.core.past
			if got := past.restless.cooldown("web", past.config.Cooldown); got != c.want {
				t.Errorf("the cool-down is %v, want %v", got, c.want)
			}
		})
	}
	h := newEnd(t, "h", Guest{ID: "g", Name: "web", State: Running})
	saves := &deal{guest: "g", side: TargetSide, sequel: sequel{expected: &Outcome{Worth: -1}}}
	h.core.past.judge(saves, Outcome{Worth: -2, Source: OutcomeEnd{Known: true}})
	if len(h.core.past.restless) != 0 {
		t.Error("a move that was to relieve nobody is judged by what it relieved")
	}
}

// The unrest goes with the guest from host to host, and outlives an agent.
func TestUnrestTravels(t *testing.T) {
	w, _, b := balance(t)
	c := w.addHost("c", Resources{CPU: 8, MemoryBytes: 16 << 30})
	c.core.wire.signer = keys{c.id}
	w.run(time.Minute)
	w.restart(b)
	w.run(10 * time.Minute)
	if got := b.core.past.unrestOf("web"); got < 0.5 || got > 0.6 {
		t.Errorf("eleven minutes after one move the unrest is %v", got)
	}
	w.deal(c, b, "web")
	w.run(time.Minute)
	if c.guests["web"] == nil {
		t.Fatalf("the guest has not moved:\n%v", w.log)
	}
	if got := c.core.past.unrestOf("web"); got < 1.4 || got > 1.6 {
		t.Errorf("after the second move the unrest is %v, want one more", got)
	}
	if _, known := b.core.past.restless["web"]; known {
		t.Error("the host that it left remembers its unrest")
	}
}
