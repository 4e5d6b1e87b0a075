package hostagent

import (
	"cmp"
	"slices"
	"strings"

	"parley/lcc"
)

// This file drains a host.

// drain asks other hosts about all guests, and then begins the moves.
func (op *operator) drain() {
	if !op.permits.settings.Drained || op.permits.whyNoDeal().Is() {
		return
	}
	if op.permits.settings.Ended != "" || op.permits.closed.Drains {
		return
	}
	if why := op.emptying.whyEnd(op.turn, op.permits.settings); why != "" {
		op.endDrain(why)
		return
	}
	if op.askFirst() {
		return
	}
	for _, t := range op.drainOrder() {
		if op.book.count(SourceSide)+len(op.operatorMoves) >= op.config.MovesOut {
			return
		}
		if op.book.dealOf(t.guest.ID) != nil || op.operatorMoves[t.guest.ID] != nil || op.emptying.blocked[t.guest.ID].until > op.now {
			continue
		}
		if why := op.eligible.whyStays(t, op.permits.settings.Force); why.Is() {
			op.emptying.blocked[t.guest.ID] = blocked{why: why} // checked again at the next look
			continue
		}
		op.begin(&operatorMove{guest: t.guest.ID, force: op.permits.settings.Force})
	}
}

// drainOrder returns the order in which guests leave: first those whose migration has
// not failed; then those whose migration is expected to converge; then the lowest
// priority; then the largest, while there is room for it.
func (op *operator) drainOrder() []*tracked {
	list := slices.Collect(op.load.running())
	late := func(t *tracked) int {
		if p, known := op.load.price(t); known && !p.Converges {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b *tracked) int {
		return cmp.Or(
			cmp.Compare(op.past.backoff.times(a.guest.ID), op.past.backoff.times(b.guest.ID)),
			cmp.Compare(late(a), late(b)),
			cmp.Compare(op.load.rules(a).Priority, op.load.rules(b).Priority),
			cmp.Compare(b.guest.Declared.MemoryBytes, a.guest.Declared.MemoryBytes),
			strings.Compare(string(a.guest.ID), string(b.guest.ID)))
	})
	return list
}

// blockedUntil returns when a drain retries a guest that it could not move now. busy is
// how often in a row hosts were only busy: the pause begins with Config.RetryEvery and
// doubles up to the usual one, so that hosts which stay busy are not asked all the
// time.
func (op *operator) blockedUntil(guest GuestID, busy int) lcc.Instant {
	pause := lcc.Instant(drainPauses * op.config.RetryEvery)
	if busy > 0 {
		pause = min(pause, doubled(op.config.RetryEvery, busy-1, operatorDoublings))
	}
	return max(op.now+pause, op.past.backoff.operatorUntil(attempt{guest: guest}, op.config.RetryEvery))
}

// haste returns how long a drain gives a guest before it checks whether others wait for
// it: twice as long after each failure.
func (s *sources) haste(d *deal) lcc.Instant {
	expected := s.load.transfer(d.need.MemoryBytes)
	return doubled(s.config.Deadline.Base+expected, s.past.backoff.times(d.guest), operatorDoublings)
}

var hurried = Refusal{CodeDisplaced, "its migration did not end while other guests waited for theirs: it is tried again after them"}

// hurry stops a drain's migration that makes no progress while others wait: it has sent
// twice the guest's memory or, if the platform does not report that, takes longer than
// that would.
func (s *sources) hurry(d *deal) {
	sent := d.src.progress.TransferredBytes
	d.next = d.expires
	if !d.ofDrain() || d.src.hurried {
		return
	}
	if !s.orders.othersWait(d.guest) || sent > 0 && sent < 2*d.need.MemoryBytes {
		d.next = min(d.expires, s.after(pairPauses*s.config.RetryEvery))
		return
	}
	d.src.hurried = true
	s.emit(AbortMove{Deal: d.id, Guest: d.guest})
}

// othersWait says whether the drain could move another guest now in place of this one.
func (op *operator) othersWait(guest GuestID) bool {
	for t := range op.load.running() {
		id := t.guest.ID
		if id != guest && op.operatorMoves[id] == nil && op.emptying.blocked[id].until <= op.now &&
			op.past.backoff.times(id) <= op.past.backoff.times(guest) && !op.eligible.whyStays(t, op.permits.settings.Force).Is() {
			return true
		}
	}
	return false
}
