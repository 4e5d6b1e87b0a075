package chain

import (
	"math/rand/v2"
	"time"

	"parley/models/publish/bundle"
)

// turn is the state that the parts of a Follower share during a Step: its time, its
// random source, and its effects.
type turn struct {
	now    time.Time
	chance *rand.ChaCha8
	out    []Effect
	next   time.Time // the earliest deadline found in this Step
	alarm  time.Time // the last Alarm
}

func (t *turn) emit(e Effect) { t.out = append(t.out, e) }

// wait schedules a deadline, and reports whether it is in the future.
func (t *turn) wait(at time.Time) bool {
	if !at.After(t.now) {
		return false
	}
	if t.next.IsZero() || at.Before(t.next) {
		t.next = at
	}
	return true
}

// jitter returns a duration within a quarter of d, so that hosts that started together
// do not keep asking together.
func (t *turn) jitter(d time.Duration) time.Duration {
	return d*3/4 + time.Duration(t.chance.Uint64()%uint64(max(1, d/2)))
}

// draw returns a random element.
func (t *turn) draw(list []string) string {
	return list[t.chance.Uint64()%uint64(len(list))]
}

func (t *turn) blame(from string, code bundle.Code) {
	if from != "" {
		t.emit(Blame{from, code})
	}
}
