package service

import (
	"context"
	"sync"
	"time"

	"parley/lcc"
	"parley/peer"
)

// event is what the loop handles: a peer.Event, a hostagent.Event, or an event of this
// package, such as an operator's request or woken.
type event any

// inbox queues events for the loop in three classes: arrivals; the host's own events,
// such as orders, looks, alarms and journal results; and what other peers send, in a
// lane for each peer. An earlier class is served first, except for an occasional turn
// that prevents starvation of the later ones. The loop itself may put events in (a
// frame that cannot be queued fails at once, on the loop's goroutine), so put never
// blocks. A goroutine that delivers a frame waits for room in the sender's lane, which
// delays that peer alone.
type inbox struct {
	mu       sync.Mutex
	arrivals []event
	own      []event
	lanes    lanes
	turns    int
	closed   bool
	filled   chan struct{} // holds one value while there may be events
	wake     *time.Timer   // when a held-back peer may continue
}

// item is an event and the peer whose share pays for it; "" is the host itself.
type item struct {
	event event
	from  lcc.PeerID
	bytes int // of the frame
}

// One turn in turnsOfClass goes to a later class.
const turnsOfClass = 16

func newInbox() *inbox {
	b := &inbox{lanes: newLanes(), filled: make(chan struct{}, 1), wake: time.NewTimer(time.Hour)}
	b.wake.Stop()
	return b
}

// put adds an event of the host itself.
func (b *inbox) put(ev event) { b.add(&b.own, ev) }

// putFirst adds an event that a migration waits for.
func (b *inbox) putFirst(ev event) { b.add(&b.arrivals, ev) }

func (b *inbox) add(to *[]event, ev event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		*to = append(*to, ev)
		signal(b.filled)
	}
}

// putFrame waits until the lane of the sender has room, the inbox closes or the context
// ends.
func (b *inbox) putFrame(ctx context.Context, ev peer.Arrived) {
	for {
		b.mu.Lock()
		if b.closed {
			b.mu.Unlock()
			return
		}
		room, ok := b.lanes.add(item{ev, ev.From, ev.Size})
		b.mu.Unlock()
		if ok {
			signal(b.filled)
			return
		}
		select {
		case <-room:
		case <-ctx.Done():
			return
		}
	}
}

// putAdvert adds an advert, or replaces a queued older one of the same peer: only the
// latest counts, and the gossip handler must not wait for one peer.
func (b *inbox) putAdvert(ev peer.Heard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.lanes.hear(ev)
		signal(b.filled)
	}
}

// next waits for the next event; it returns false when the context has ended.
func (b *inbox) next(ctx context.Context) (item, bool) {
	for ctx.Err() == nil {
		got, wait, ok := b.pick(time.Now())
		if ok {
			return got, true
		}
		if wait > 0 {
			b.wake.Reset(wait)
		}
		select {
		case <-b.filled:
		case <-b.wake.C:
		case <-ctx.Done():
		}
		b.wake.Stop()
	}
	return item{}, false
}

// pick takes the next event. If there is none, wait is how long until a peer that has
// used its share may continue; 0: nothing is queued.
func (b *inbox) pick(now time.Time) (got item, wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turns++
	if b.turns%turnsOfClass == 0 {
		if got, _, ok := b.lanes.take(now); ok {
			return got, 0, true
		}
	}
	first, second := &b.arrivals, &b.own
	if b.turns%turnsOfClass == turnsOfClass/2 {
		first, second = second, first
	}
	for _, class := range []*[]event{first, second} {
		if list := *class; len(list) > 0 {
			ev := list[0]
			list[0] = nil
			*class = list[1:]
			return item{event: ev}, 0, true
		}
	}
	return b.lanes.take(now)
}

// charge deducts the cost of an event from its sender's share.
func (b *inbox) charge(of item, now time.Time, cost time.Duration) {
	if of.from == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lanes.charge(of.from, now, cost+time.Duration(of.bytes)*byteCost)
}

// tidy forgets peers that have nothing queued and have their full share.
func (b *inbox) tidy(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lanes.tidy(now)
}

// waiting returns the number of queued events and of peers held back because they have
// used their share.
func (b *inbox) waiting(now time.Time) (events, heldBack int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	frames, heldBack := b.lanes.waiting(now)
	return len(b.arrivals) + len(b.own) + frames, heldBack
}

// close releases all waiting goroutines and drops further events.
func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed, b.arrivals, b.own = true, nil, nil
	b.lanes.close()
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
