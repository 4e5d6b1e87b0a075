package service

import (
	"maps"
	"time"

	"parley/lcc"
	"parley/peer"
)

// lanes are the queues of what other peers send, one for each peer. Each peer may use a
// share of a processor's time. The measured cost of its events is charged, with a
// surcharge for events that occupy the loop for long (costOf). Among the peers that
// have share left, the one that has used least recently is served first. A peer that
// has used its share waits but is not blamed: what it sends may be legal.
type lanes struct {
	of    map[lcc.PeerID]*lane
	count uint64 // items queued so far; gives their order
}

type lane struct {
	items []queued
	bytes int
	// paid is the instant at which the peer's charges are paid off, at the rate of its
	// share.
	paid time.Time
	room chan struct{} // holds one value while there may be room
}

type queued struct {
	item
	number uint64
}

const (
	// Each peer may use one in shareOf of a processor's time in the long run, and a
	// burst of shareBurst.
	shareOf    = 5
	shareBurst = 50 * time.Millisecond
	// byteCost is the worst-case cost of a byte of a frame before it is queued:
	// decryption and decoding.
	byteCost = 100 * time.Nanosecond
	// laneItems and laneBytes bound what is queued of one peer; the rest stays in the
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

// add puts an item into the lane of its peer. If the lane is full, it returns a channel
// that gets a value when there may be room.
func (l *lanes) add(it item) (room <-chan struct{}, ok bool) {
	one := l.lane(it.from)
	if len(one.items) >= laneItems || len(one.items) > 0 && one.bytes+it.bytes > laneBytes {
		return one.room, false
	}
	l.push(one, it)
	if len(one.items) < laneItems {
		signal(one.room) // there may be room for another waiting goroutine
	}
	return nil, true
}

func (l *lanes) push(one *lane, it item) {
	l.count++
	one.items = append(one.items, queued{it, l.count})
	one.bytes += it.bytes
}

// hear queues an advert; of it and a queued one, the newer stays.
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

func newer(a, b peer.Advert) bool {
	return a.Incarnation > b.Incarnation || a.Incarnation == b.Incarnation && a.Seq > b.Seq
}

// take returns the next item of the peer that has used least among those with share
// left; on a tie, the item that came first. If all peers are held back, wait is for how
// long.
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

// charge deducts a cost from the share of a peer.
func (l *lanes) charge(id lcc.PeerID, now time.Time, cost time.Duration) {
	one := l.lane(id)
	if one.paid.Before(now) {
		one.paid = now
	}
	one.paid = one.paid.Add(cost * shareOf)
}

// tidy forgets peers that have nothing queued and owe nothing.
func (l *lanes) tidy(now time.Time) {
	maps.DeleteFunc(l.of, func(_ lcc.PeerID, one *lane) bool { return len(one.items) == 0 && !one.paid.After(now) })
}

// waiting returns the number of queued items and of peers that have used their share.
func (l *lanes) waiting(now time.Time) (items, heldBack int) {
	for _, one := range l.of {
		items += len(one.items)
		if len(one.items) > 0 && one.paid.Sub(now) > shareBurst*shareOf {
			heldBack++
		}
	}
	return items, heldBack
}

// close releases the waiting goroutines and drops all items.
func (l *lanes) close() {
	for _, one := range l.of {
		one.items, one.bytes = nil, 0
		signal(one.room)
	}
}
