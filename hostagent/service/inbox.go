package service

import (
	"context"
	"sync"

	"parley/hostagent/node"
)

// inbox holds the events that wait for the loop, in the order in which they
// came. The loop itself may put events in (a frame that could not be queued
// fails at once, on the loop's own goroutine), so putting never blocks; who
// brings in what other peers send asks for room first, which holds back a peer
// that sends faster than the host can work.
type inbox struct {
	mu     sync.Mutex
	events []node.Event
	closed bool
	filled chan struct{} // holds one value while there may be events
	room   chan struct{} // holds one value while there may be room
}

// inboxRoom is how many events may wait before peers are held back.
const inboxRoom = 1024

func newInbox() *inbox {
	return &inbox{filled: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

func (b *inbox) put(ev node.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.events = append(b.events, ev)
	signal(b.filled)
}

// putWhenRoom waits for room, for the end of the inbox, or for the context.
func (b *inbox) putWhenRoom(ctx context.Context, ev node.Event) {
	for {
		b.mu.Lock()
		full := len(b.events) >= inboxRoom && !b.closed
		b.mu.Unlock()
		if !full {
			b.put(ev)
			signal(b.room) // another one that waits may find room too
			return
		}
		select {
		case <-b.room:
		case <-ctx.Done():
			return
		}
	}
}

// take returns all that waits, oldest first.
func (b *inbox) take() []node.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	events := b.events
	b.events = nil
	signal(b.room)
	return events
}

// waiting is how many events wait.
func (b *inbox) waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.events)
}

// close lets nobody wait any more and drops what comes.
func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed, b.events = true, nil
	signal(b.room)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
