package service

import (
	"context"
	"errors"
	"sync/atomic"

	"parley/lcc"
)

// request is a function that the loop runs for another goroutine. It is run once,
// and not at all when its asker has given up before.
type request struct {
	run     func(lcc.Instant) error
	claimed atomic.Bool
	done    chan struct{} // closed when it has run
}

// answer runs the request in the loop. An error of the function ends the loop.
func (r *request) answer(now lcc.Instant) error {
	if !r.claimed.CompareAndSwap(false, true) {
		return nil // nobody waits for it any more
	}
	defer close(r.done)
	return r.run(now)
}

// withdraw takes the request back; where the loop runs it already, it waits for its
// end and says false.
func (r *request) withdraw() bool {
	if r.claimed.CompareAndSwap(false, true) {
		return true
	}
	<-r.done
	return false
}

// do runs a function in the loop and waits for it. An error of the function
// ends the loop.
func (s *Service) do(ctx context.Context, f func(now lcc.Instant) error) error {
	return s.ask(ctx, s.inbox.put, f)
}

// ask is do with the class of the inbox in which the function waits.
func (s *Service) ask(ctx context.Context, put func(event), f func(now lcc.Instant) error) error {
	r := &request{run: f, done: make(chan struct{})}
	put(r)
	select {
	case <-r.done:
	case <-s.done:
		if r.withdraw() {
			return errors.New("the agent is stopping")
		}
	case <-ctx.Done():
		if r.withdraw() {
			return ctx.Err()
		}
	}
	return nil
}
