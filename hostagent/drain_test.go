package hostagent

import (
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// A drain moves the largest guests first, within the lowest priority; guests that have
// failed come last, and before them those that write faster than a migration sends.
func TestDrainOrder(t *testing.T) {
	guest := func(id string, gib int64, priority int) Guest {
		return Guest{ID: GuestID(id), Name: id, State: Running, Declared: Resources{CPU: 1, MemoryBytes: gib << 30},
			Rules: Rules{Priority: priority}}
	}
	wild := guest("wild", 8, 0)
	wild.DirtyKnown, wild.DirtyRate = true, 10<<30
	h := newEnd(t, "h")
	h.step(Observed{Wall: time.Unix(1_700_000_000, 0), Observation: Observation{
		Capacity: Resources{CPU: 8, MemoryBytes: 64 << 30}, Guests: []Guest{
			guest("late", 2, 10), guest("small", 2, 0), guest("big", 4, 0), guest("failed", 6, 0), wild,
		}}})
	h.core.past.backoff.note(failedMove{guest: "failed", host: "x", began: 1, begun: true}, h.core.now, time.Time{})
	var got []string
	for _, g := range h.core.operator.drainOrder() {
		got = append(got, g.guest.Name)
	}
	if want := "big small late wild failed"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// A migration that makes no progress is stopped while others wait for it, comes after
// them, and gets more time the next time; alone it may take all its time.
func TestDrainHurries(t *testing.T) {
	w := newWorld(t, 1)
	w.config.Deadline.Base, w.config.Deadline.PerGiB = 5*time.Second, time.Minute
	a := w.addHost("a", Resources{CPU: 8, MemoryBytes: 32 << 30})
	w.addHost("b", Resources{CPU: 8, MemoryBytes: 32 << 30})
	for id, gib := range map[GuestID]int64{"large": 8, "one": 2, "two": 2} {
		a.guests[id] = &testGuest{id: id, state: Running, cores: 1, memory: gib << 30, counted: w.now}
	}
	w.run(3 * time.Second)
	w.moveTime = time.Hour
	w.step(a, Ordered{ID: 1, Order: Set{Settings{Drained: true}}})
	w.run(10 * time.Second)
	if d := a.core.book.dealOf("large"); d == nil || d.state != Moving {
		t.Fatalf("the largest does not go first: %+v", a.core.book.deals)
	}
	w.moveTime = 3 * time.Second
	w.run(200 * time.Second)
	log := strings.Join(w.log, "\n")
	stopped := strings.Index(log, hurried.Detail)
	one, again := strings.Index(log, "source one a => b done"), strings.LastIndex(log, "source large a => b done")
	if stopped < 0 || one < stopped || again < one {
		t.Errorf("want large stopped, one gone, and large gone after it:\n%s", log)
	}
}

// A guest that a drain cannot move because the target is busy for a moment is retried
// soon, and less and less often while the target stays busy.
func TestDrainTriesBusyTargetSoon(t *testing.T) {
	h := newEnd(t, "h")
	h.sees(Guest{ID: "web", Name: "web", State: Running})
	retry := lcc.Instant(h.core.config.RetryEvery)
	usual := drainPauses * retry
	ends := func(busy bool) lcc.Instant {
		h.core.operator.failOperatorMove(&operatorMove{guest: "web", busy: busy}, Refusal{CodeNoHost, "no host takes it"})
		return h.core.operator.emptying.blocked["web"].until - h.core.now
	}
	for i, want := range []lcc.Instant{retry, 2 * retry, 4 * retry, usual, usual} {
		if got := ends(true); got != want {
			t.Errorf("answer %d of a busy host: tried again after %v, want %v", i+1, time.Duration(got), time.Duration(want))
		}
	}
	if got := ends(false); got != usual {
		t.Errorf("hosts without room: tried again after %v, want %v", time.Duration(got), time.Duration(usual))
	}
	if got := ends(true); got != retry {
		t.Errorf("busy after another answer: tried again after %v, want %v", time.Duration(got), time.Duration(retry))
	}
}
