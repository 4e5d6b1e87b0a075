package service

import "context"

// turn admits one request at a time to an expensive operation: a bundle and its
// unpacked files are in memory as a whole, and verifying an audit reads all of it.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn; give returns it. It is false if the context ended before.
func (t turn) take(ctx context.Context) bool {
	select {
	case t <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t turn) give() { <-t }
