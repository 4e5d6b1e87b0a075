package chain

import (
	"math/rand/v2"
	"time"

	"parley/models/publish/bundle"
)

// turn is what the parts of a Follower share while it takes an event: its moment, its
// chance, and what comes of it.
type turn struct {
	now    time.Time
	chance *rand.ChaCha8
	out    []Effect
	next   time.Time // the earliest moment at which something is due, as this Step found
	alarm  time.Time // what the driver was told last
}

func (t *turn) emit(e Effect) { t.out = append(t.out, e) }

// wait has the driver come back at a moment, and says whether it lies ahead.
func (t *turn) wait(at time.Time) bool {
	if !at.After(t.now) {
		return false
	}
	if t.next.IsZero() || at.Before(t.next) {
		t.next = at
	}
	return true
}

// jitter returns a time around d, by a quarter: hosts that began at one moment must
// not go on asking at one moment.
func (t *turn) jitter(d time.Duration) time.Duration {
	return d*3/4 + time.Duration(t.chance.Uint64()%uint64(max(1, d/2)))
}

// draw returns one of several.
func (t *turn) draw(list []string) string {
	return list[t.chance.Uint64()%uint64(len(list))]
}

func (t *turn) blame(from string, code bundle.Code) {
	if from != "" {
		t.emit(Blame{from, code})
	}
}
