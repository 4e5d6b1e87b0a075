package service

import "context"

// turn lets one at a time through what is dear: a bundle is held in memory whole, and
// so is what it is unpacked into; an audit is read from end to end.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn; it is given back with give. It is false where the
// context ended before.
func (t turn) take(ctx context.Context) bool {
	select {
	case t <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t turn) give() { <-t }
