package service

import (
	"maps"
	"time"

	"parley/lcc"
	"parley/peer"
)

// lanes are the queues of what other peers send, one for each. Each peer may use a
// share of a processor's time; what its events cost is measured and charged, and more
// for one that keeps the loop busy for long (costOf). Of the
// peers that may go on, the one that has used least of late is served first. A peer
// that has used its share waits, and is not blamed: what it sends may be legal.
type lanes struct {
	of    map[lcc.PeerID]*lane
	count uint64 // of all items that ever came, for their order
}

type lane struct {
	items []queued
	bytes int
	// paid is the instant at which all that the peer was charged is paid, at the
	// pace of its share.
	paid time.Time
	room chan struct{} // holds one value while there may be room
}

type queued struct {
	item
	number uint64
}

const (
	// shareOf is the part of a processor that one peer may use in the long run: one in
	// so many; shareBurst is what it may use at once.
	shareOf    = 5
	shareBurst = 50 * time.Millisecond
	// byteCost is what a byte of a frame costs at worst before it comes here: it is decrypted
	// and decoded.
	byteCost = 100 * time.Nanosecond
	// laneItems and laneBytes bound what of one peer waits; the rest stays in the
	// network.
	laneItems = 64
	laneBytes = 256 << 10
)

func newLanes() lanes { return lanes{of: map[lcc.PeerID]*lane{}} }

func (l *lanes) lane(id lcc.PeerID) *lane {
	one := l.of[id]
	if one == nil {
		one = &lane{room: make(chan struct{}, 1)}
		l.of[id] = one
	}
	return one
}

// add puts an item into the lane of its peer, or returns what gets a value when
// there may be room.
func (l *lanes) add(it item) (room <-chan struct{}, ok bool) {
	one := l.lane(it.from)
	if len(one.items) >= laneItems || len(one.items) > 0 && one.bytes+it.bytes > laneBytes {
		return one.room, false
	}
	l.push(one, it)
	if len(one.items) < laneItems {
		signal(one.room) // another one that waits may find room too
	}
	return nil, true
}

func (l *lanes) push(one *lane, it item) {
	l.count++
	one.items = append(one.items, queued{it, l.count})
	one.bytes += it.bytes
}

// hear puts in an advert; the newer of it and of one that waits stays.
func (l *lanes) hear(ev peer.Heard) {
	one := l.lane(ev.Advert.Peer)
	for i := range one.items {
		if waits, ok := one.items[i].event.(peer.Heard); ok {
			if newer(ev.Advert, waits.Advert) {
				one.items[i].event = ev
			}
			return
		}
	}
	l.push(one, item{event: ev, from: ev.Advert.Peer})
}

func newer(a, b peer.Advert) bool { return a.Life > b.Life || a.Life == b.Life && a.Seq > b.Seq }

// take returns the next item of the peer that has used least of late among those
// that have not used their share; of several, the one whose item came first. Where
// all wait, wait is for how long.
func (l *lanes) take(now time.Time) (got item, wait time.Duration, ok bool) {
	var best *lane
	var least time.Duration
	for _, one := range l.of {
		if len(one.items) == 0 {
			continue
		}
		owes := max(0, one.paid.Sub(now))
		if over := owes - shareBurst*shareOf; over > 0 {
			if wait == 0 || over < wait {
				wait = over
			}
			continue
		}
		if best == nil || owes < least || owes == least && one.items[0].number < best.items[0].number {
			best, least = one, owes
		}
	}
	if best == nil {
		return item{}, wait, false
	}
	first := best.items[0]
	best.items[0] = queued{}
	best.items = best.items[1:]
	best.bytes -= first.bytes
	signal(best.room)
	return first.item, 0, true
}

// charge takes a cost out of the share of a peer.
func (l *lanes) charge(id lcc.PeerID, now time.Time, cost time.Duration) {
	one := l.lane(id)
	if one.paid.Before(now) {
		one.paid = now
	}
	one.paid = one.paid.Add(cost * shareOf)
}

// tidy forgets peers that have nothing here and owe nothing.
func (l *lanes) tidy(now time.Time) {
	maps.DeleteFunc(l.of, func(_ lcc.PeerID, one *lane) bool { return len(one.items) == 0 && !one.paid.After(now) })
}

// waiting is how many items wait, and how many peers have used their share.
func (l *lanes) waiting(now time.Time) (items, heldBack int) {
	for _, one := range l.of {
		items += len(one.items)
		if len(one.items) > 0 && one.paid.Sub(now) > shareBurst*shareOf {
			heldBack++
		}
	}
	return items, heldBack
}

// close lets nobody wait any more.
func (l *lanes) close() {
	for _, one := range l.of {
		one.items, one.bytes = nil, 0
		signal(one.room)
	}
}
