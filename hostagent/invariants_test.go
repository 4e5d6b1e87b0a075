package hostagent

import (
	"fmt"
	"slices"
	"strings"
)

// check checks the invariants of the world, which no crash, loss or delay may break.
func (w *world) check() {
	runs := map[GuestID][]HostID{}
	for _, id := range w.order {
		h := w.hosts[id]
		var memory, disk int64
		incoming := 0
		for _, g := range h.sorted() {
			if g.state == Running {
				runs[g.id] = append(runs[g.id], id)
			}
			if g.state == Incoming {
				incoming++
			}
			memory += g.memory
			disk += g.disk
			if kind := g.kind.Known(); !slices.Contains(h.takes(), kind) {
				w.fail("host %s has the guest %s, a %s, and takes %v", id, g.id, kind.Words(), h.takes())
			}
			for _, need := range g.needs {
				if !slices.Contains(h.offers, need) {
					w.fail("host %s has the guest %s, which needs %s", id, g.id, need)
				}
			}
		}
		if disk > h.capacity.DiskBytes {
			w.fail("host %s has volumes of %d MiB, more than its disk of %d", id, disk/mebibyte, h.capacity.DiskBytes/mebibyte)
		}
		if memory > h.capacity.MemoryBytes {
			w.fail("host %s has %d MiB of guests, more than its room of %d", id, memory/mebibyte, h.capacity.MemoryBytes/mebibyte)
		}
		if incoming > 1 {
			w.fail("host %s takes in %d guests at once", id, incoming)
		}
	}
	for _, g := range sortedKeys(runs) {
		if on := runs[g]; len(on) > 1 && !w.switching(g, on) {
			w.fail("guest %s runs on hosts %v", g, on)
		}
	}
}

// switching says whether a guest is shown twice because its migration is ending.
func (w *world) switching(guest GuestID, on []HostID) bool {
	for _, m := range w.moves {
		if m.spec.Guest == guest && m.switched && !m.over && len(on) == 2 {
			return true
		}
	}
	return false
}

// checkOutcome compares what a source concludes with where the guest is.
func (w *world) checkOutcome(s DealChanged) {
	here, there := w.hosts[s.Source].guests[s.Guest], w.hosts[s.Target].guests[s.Guest]
	switch s.State {
	case Done:
		if here == nil && w.movedOn(s) {
			return // an outdated answer: the guest ran there when the target sent it
		}
		if here != nil || there == nil || there.state != Running {
			w.fail("the source says that deal %s is done, but the guest is %s at the source and %s at the target", s.Deal, stateOf(here),
				stateOf(there))
		}
	case Refused, Aborted, Expired:
		if w.ended[s.Guest] && here == nil && there == nil {
			return
		}
		if here == nil || here.state != Running {
			w.fail("the source says that deal %s is %s, but the guest is %s there", s.Deal, s.State, stateOf(here))
		}
		for _, m := range w.moves {
			if m.deal == s.Deal && !m.over {
				w.fail("the source says that deal %s is %s (%s), but the move goes on", s.Deal, s.State, s.Reason)
			}
		}
	}
}

// movedOn says whether a guest has left the target of a deal since.
func (w *world) movedOn(s DealChanged) bool {
	for _, m := range w.moves {
		if m.source.id == s.Target && m.spec.Guest == s.Guest && m.switched {
			return true
		}
	}
	return false
}

func stateOf(g *testGuest) string {
	if g == nil {
		return "absent"
	}
	return string(g.state)
}

// checkRest checks a world in which nothing has gone wrong for a long time: no deal is
// open, nothing is reserved, no guest is lost.
func (w *world) checkRest(guests int) {
	seen := 0
	for _, id := range w.order {
		h := w.hosts[id]
		seen += len(h.guests)
		if open := h.core.Status().Deals; len(open) > 0 {
			w.fail("host %s has open deals at rest: %+v", id, open)
		}
		if held := h.core.room.reserved(); held != (Resources{}) {
			w.fail("host %s holds %+v at rest", id, held)
		}
		if open := h.core.operator.dryRuns; len(open) > 0 {
			w.fail("host %s has %d dry runs that are not answered", id, len(open))
		}
		if len(h.core.ledger.journal.waiting) > 0 || len(h.core.ledger.asking) > 0 {
			w.fail("host %s waits for %d records and has %d questions at rest", id, len(h.core.ledger.journal.waiting), len(h.core.ledger.asking))
		}
	}
	if seen != guests {
		w.fail("there are %d guests, want %d", seen, guests)
	}
}

func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	tail := w.log[max(0, len(w.log)-60):]
	w.t.Fatalf("%s\nwhat came before:\n%s", fmt.Sprintf(format, args...), strings.Join(tail, "\n"))
}
