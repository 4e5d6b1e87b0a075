package service

import (
	"context"
	"errors"
	"sync/atomic"

	"parley/lcc"
)

// request is a function that the loop runs for another goroutine. It runs once, or not
// at all if the caller gave up before.
type request struct {
	run     func(lcc.Instant) error
	claimed atomic.Bool
	done    chan struct{} // closed when the function has run
}

// answer runs the request in the loop. An error of the function ends the loop.
func (r *request) answer(now lcc.Instant) error {
	if !r.claimed.CompareAndSwap(false, true) {
		return nil // the caller gave up
	}
	defer close(r.done)
	return r.run(now)
}

// withdraw cancels the request; if the loop runs it already, withdraw waits for its end
// and returns false.
func (r *request) withdraw() bool {
	if r.claimed.CompareAndSwap(false, true) {
		return true
	}
	<-r.done
	return false
}

// inLoop runs a function in the loop and waits for it. An error of the function ends the
// loop.
func (s *Service) inLoop(ctx context.Context, f func(now lcc.Instant) error) error {
	return s.ask(ctx, s.inbox.put, f)
}

// ask is do with a choice of the inbox class.
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
