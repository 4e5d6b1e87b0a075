package service

import (
	"context"
	"sync"
	"time"

	"parley/lcc"
	"parley/peer"
)

// event is what the loop takes: a peer.Event, a hostagent.Event, or one of its own, such
// as a request of the operator or woken.
type event any

// inbox holds what waits for the loop, in three classes: arrivals; what the host
// itself brings about, such as orders, looks, alarms and results of the journal;
// and what other peers send, each in a lane of its own. A class is served before
// the next one, but for a turn now and then that keeps anything from waiting for
// ever. The loop itself may put events in (a frame that could not be queued fails
// at once, on the loop's own goroutine), so put never blocks; who brings in a frame
// waits for room in the lane of its sender, which holds back that peer alone.
type inbox struct {
	mu       sync.Mutex
	arrivals []event
	own      []event
	lanes    lanes
	turns    int
	closed   bool
	filled   chan struct{} // holds one value while there may be events
	wake     *time.Timer   // when a peer may go on that has used its share
}

// item is an event and the peer whose share pays for it; "" for the host itself.
type item struct {
	event event
	from  lcc.PeerID
	bytes int // of the frame
}

// Of so many turns one is the next class's.
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

// putFrame waits for room in the lane of the sender, for the end of the inbox, or
// for the context.
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

// putAdvert adds an advert, in place of an older one of the same peer that still
// waits: only the latest counts, and who hands on gossip must not wait for one peer.
func (b *inbox) putAdvert(ev peer.Heard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.lanes.hear(ev)
		signal(b.filled)
	}
}

// next waits for the event whose turn it is; false when the context has ended.
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

// pick takes the event whose turn it is. Where there is none wait says how long a
// peer that has used its share still has to wait; 0: nothing waits.
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

// charge takes what an event has cost out of its sender's share.
func (b *inbox) charge(of item, now time.Time, cost time.Duration) {
	if of.from == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lanes.charge(of.from, now, cost+time.Duration(of.bytes)*byteCost)
}

// tidy forgets peers that have nothing here and have not used their share.
func (b *inbox) tidy(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lanes.tidy(now)
}

// waiting is how many events wait, and how many peers wait since they have used
// their share.
func (b *inbox) waiting(now time.Time) (events, heldBack int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	frames, heldBack := b.lanes.waiting(now)
	return len(b.arrivals) + len(b.own) + frames, heldBack
}

// close lets nobody wait any more and drops what comes.
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
