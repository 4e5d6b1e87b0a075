package service

import "time"

const (
	// longTurn is how long one event may occupy the loop before a waiting arrival is
	// noticeably late. A longer event is charged longTimes its processor time in
	// addition: one peer then occupies the loop with long turns for less than 1 % of
	// the time, so fewer than 1 % of the arrivals meet one, however long a turn is.
	longTurn  = 2 * time.Millisecond
	longTimes = 30
)

// stopwatch measures what one event costs the loop.
type stopwatch struct {
	began  time.Time
	thread threadTime
}

func startWatch() stopwatch { return stopwatch{time.Now(), readThreadTime()} }

// cost returns what the sender of the event is charged.
func (w stopwatch) cost(now time.Time) time.Duration {
	passed := now.Sub(w.began)
	if passed < longTurn {
		return passed
	}
	return costOf(passed, w.thread.until(readThreadTime(), passed))
}

// costOf returns the elapsed time and, for a long turn, a surcharge. The surcharge uses
// processor time, because a busy machine extends the elapsed time without the sender's
// fault.
func costOf(passed, processor time.Duration) time.Duration {
	if processor < longTurn {
		return passed
	}
	return passed + longTimes*processor
}

// threadTime is the processor time of an operating system thread; ok is false where the
// system does not report it.
type threadTime struct {
	thread int
	ran    time.Duration
	ok     bool
}

// until returns the processor time between two readings. If it is unknown, or another
// thread continued the work, it returns the elapsed time, an upper bound.
func (t threadTime) until(later threadTime, passed time.Duration) time.Duration {
	if !t.ok || !later.ok || t.thread != later.thread {
		return passed
	}
	return min(passed, later.ran-t.ran)
}
