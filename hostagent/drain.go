package hostagent

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/lcc"
)

// This file empties a host.

// drain asks about all guests, and then begins the moves by which a host is emptied.
func (c *Core) drain() {
	if !c.settings.Drained || c.whyNoDeal() != "" {
		return
	}
	if c.askFirst() {
		return
	}
	for _, t := range c.drainOrder() {
		if c.count(SourceSide)+len(c.operatorMoves) >= c.config.MovesOut {
			return
		}
		if c.dealOf(t.guest.ID) != nil || c.operatorMoves[t.guest.ID] != nil || c.emptying.blocked[t.guest.ID].until > c.now {
			continue
		}
		if why := c.whyStays(t, c.settings.Force); why != "" {
			c.emptying.blocked[t.guest.ID] = blocked{why: why} // looked at again at the next look
			continue
		}
		c.begin(&operatorMove{guest: t.guest.ID, force: c.settings.Force})
	}
}

// drainOrder is the order in which guests leave: those whose migration has failed
// behind the others, and those that write too fast to get away; then the lowest
// priority first, and of one priority the largest, while there is room for it.
func (c *Core) drainOrder() []*tracked {
	list := c.running()
	late := func(t *tracked) int {
		if p, known := c.price(t); known && !p.Converges {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b *tracked) int {
		return cmp.Or(
			cmp.Compare(c.backoff.times(a.guest.ID), c.backoff.times(b.guest.ID)),
			cmp.Compare(late(a), late(b)),
			cmp.Compare(c.rules(a).Priority, c.rules(b).Priority),
			cmp.Compare(b.guest.Declared.MemoryBytes, a.guest.Declared.MemoryBytes),
			strings.Compare(string(a.guest.ID), string(b.guest.ID)))
	})
	return list
}

// blockedUntil is when a drain tries a guest again that it could not move now. busy
// is how often in a row hosts were only busy: the pause begins with that between two
// questions, and doubles up to the usual one, so that hosts which stay busy are not
// asked all the time.
func (c *Core) blockedUntil(guest GuestID, busy int) lcc.Instant {
	pause := lcc.Instant(drainPauses * c.config.RetryEvery)
	if busy > 0 {
		pause = min(pause, doubled(c.config.RetryEvery, busy-1, operatorDoublings))
	}
	return max(c.now+pause, c.backoff.operatorUntil(attempt{guest: guest}, c.config.RetryEvery))
}

// haste is how long a drain lets a guest try to get away before it looks whether
// others wait for that: twice as long after each failure.
func (c *Core) haste(d *deal) lcc.Instant {
	expected := time.Duration(float64(d.need.MemoryBytes) / float64(c.bandwidth()) * float64(time.Second))
	return doubled(c.config.MoveDeadline+expected, c.backoff.times(d.guest), operatorDoublings)
}

const hurriedText = "it did not get away while other guests waited for that: it is tried again after them"

// hurry stops a move of a drain that does not get on while others wait: it has sent
// the guest's memory twice, or where the platform does not say, it takes longer than
// that would.
func (c *Core) hurry(d *deal) {
	sent := d.progress.TransferredBytes
	d.next = d.expires
	if !d.ofDrain() || d.hurried {
		return
	}
	if !c.othersWait(d.guest) || sent > 0 && sent < 2*d.need.MemoryBytes {
		d.next = min(d.expires, c.after(pairPauses*c.config.RetryEvery))
		return
	}
	d.hurried = true
	c.emit(AbortMove{Deal: d.id, Guest: d.guest})
}

// othersWait says whether the drain could move another guest now, if this one did
// not take its place.
func (c *Core) othersWait(guest GuestID) bool {
	for _, t := range c.running() {
		id := t.guest.ID
		if id != guest && c.operatorMoves[id] == nil && c.emptying.blocked[id].until <= c.now &&
			c.backoff.times(id) <= c.backoff.times(guest) && c.whyStays(t, c.settings.Force) == "" {
			return true
		}
	}
	return false
}
