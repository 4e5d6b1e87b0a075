package service

import "time"

const (
	// longTurn is how long the loop may be busy with one event before an arrival that
	// waits meanwhile is noticeably late; longTimes is how many times the processor's
	// time of a longer event counts on top. With it one peer keeps the loop in long
	// turns for less than a hundredth of the time, so that fewer arrivals than one in
	// a hundred meet one, however long a turn is.
	longTurn  = 2 * time.Millisecond
	longTimes = 30
)

// stopwatch measures what one event costs the loop.
type stopwatch struct {
	began  time.Time
	thread threadTime
}

func startWatch() stopwatch { return stopwatch{time.Now(), readThreadTime()} }

// cost is what the sender of the event is charged at an instant.
func (w stopwatch) cost(now time.Time) time.Duration {
	passed := now.Sub(w.began)
	if passed < longTurn {
		return passed
	}
	return costOf(passed, w.thread.until(readThreadTime(), passed))
}

// costOf is the time that passed and, for a long turn, more: by the processor's time,
// since a busy machine stretches the other by what the sender has no part in.
func costOf(passed, processor time.Duration) time.Duration {
	if processor < longTurn {
		return passed
	}
	return passed + longTimes*processor
}

// threadTime is how long a thread of the system has run; ok is false where the system
// does not tell.
type threadTime struct {
	thread int
	ran    time.Duration
	ok     bool
}

// until is how long the processor was used up to a later reading. Where that is not
// known, or another thread went on with the work, all that passed may have been used.
func (t threadTime) until(later threadTime, passed time.Duration) time.Duration {
	if !t.ok || !later.ok || t.thread != later.thread {
		return passed
	}
	return min(passed, later.ran-t.ran)
}
