// Package changes is how a platform says that a look at it would differ: the channel of
// hostagent.Platform.Changes, with one value for all changes that were not read yet.
package changes

import "sync"

// Signal is such a channel. It is safe for concurrent use.
type Signal struct {
	mu     sync.Mutex
	c      chan struct{}
	closed bool
}

// New returns a Signal that nothing has raised.
func New() *Signal { return &Signal{c: make(chan struct{}, 1)} }

// C is what Platform.Changes returns.
func (s *Signal) C() <-chan struct{} { return s.c }

// Raise wakes the reader. It never blocks; after Close it does nothing.
func (s *Signal) Raise() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	select {
	case s.c <- struct{}{}:
	default: // the pending value covers this change
	}
}

// Forward raises the Signal whenever another platform's channel has a value, until that
// channel is closed or stop is.
func (s *Signal) Forward(from, stop <-chan struct{}) {
	for {
		select {
		case _, open := <-from:
			if !open {
				return
			}
			s.Raise()
		case <-stop:
			return
		}
	}
}

// Close closes the channel; again does nothing.
func (s *Signal) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.c)
	}
}
