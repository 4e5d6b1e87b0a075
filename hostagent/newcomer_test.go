package hostagent

import (
	"fmt"
	"testing"
	"time"
)

// A guest that has just started makes the load of its host unknown until it is measured.
// The host says meanwhile that it is busy, so that nobody avoids it for that.
func TestNewcomerMakesHostBusy(t *testing.T) {
	target := newEnd(t, "b")
	refusal := func(guest GuestID) payload {
		target.hears("a", payload{Kind: kindPropose, Deal: DealID("d-" + guest), Guest: guest, CPU: 0.5, Memory: 1 << 30})
		answers := target.said(kindRefuse)
		if len(answers) != 1 {
			t.Fatalf("%s: got %d refusals, want one", guest, len(answers))
		}
		return answers[0]
	}
	newcomer := Guest{ID: "new", Name: "new", State: Running}
	target.later(time.Second)
	target.sees(newcomer)
	for n := range 2 {
		guest := GuestID(fmt.Sprint("g", n))
		got := refusal(guest)
		if got.Code != CodeLoad || !got.Busy {
			t.Errorf("%s: got %+v, want a refusal that will soon be over, since the load is unknown", guest, got)
		}
	}
	target.step(Unobserved{Err: "the platform does not answer"})
	if got := refusal("g3"); got.Code != CodeLoad || got.Busy {
		t.Errorf("the platform cannot be seen: got %+v, want a refusal that may last", got)
	}
	target.looks(newcomer)
	if _, why := target.proposes("a", "d-last", "g4", 1<<30); why != "" {
		t.Errorf("once the newcomer is measured: %s", why)
	}
}

// Refusals of busy hosts back nobody off.
func TestBusyHostIsNotBackedOff(t *testing.T) {
	for _, busy := range []bool{true, false} {
		guests := []Guest{{ID: "one", Name: "one", State: Running}, {ID: "two", Name: "two", State: Running}}
		source := newEnd(t, "a", guests...)
		source.step(Reachable{Host: "b", Up: true})
		for n, g := range guests {
			source.step(Ordered{ID: uint64(n + 1), Order: MoveGuest{Guest: g.ID, Target: "b"}})
			source.durable()
			asked := source.said(kindPropose)
			if len(asked) == 0 {
				t.Fatal("the target is not asked")
			}
			source.later(time.Duration(source.core.config.CommitWait) + time.Second)
			source.hears("b", payload{Kind: kindRefuse, Deal: asked[len(asked)-1].Deal, Reason: "its load is unknown", Code: CodeLoad, Busy: busy})
			source.durable()
		}
		if got := len(source.core.past.failing()) > 0; got == busy {
			t.Errorf("busy: %v: backed off: %v", busy, source.core.past.failing())
		}
	}
}
