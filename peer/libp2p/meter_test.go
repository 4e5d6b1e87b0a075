package libp2p

import (
	"testing"
	"time"
)

// A bucket starts full, fills at its rate up to its burst, and takes on a new allowance.
func TestBucket(t *testing.T) {
	begun := time.Unix(1e9, 0)
	at := func(after time.Duration) time.Time { return begun.Add(after) }
	narrow, wide := allowance{perSecond: 10, burst: 4}, allowance{perSecond: 100, burst: 40}
	var b bucket
	for i, step := range []struct {
		after time.Duration
		a     allowance
		n     int
		want  bool
	}{
		{0, narrow, 5, false}, // more than it ever holds
		{0, narrow, 4, true},
		{0, narrow, 1, false},
		{50 * time.Millisecond, narrow, 1, false},
		{100 * time.Millisecond, narrow, 1, true},
		{time.Hour, narrow, 5, false}, // it is full at its burst
		{time.Hour, narrow, 4, true},
		{time.Hour, wide, 1, false},
		{time.Hour + 400*time.Millisecond, wide, 40, true},
		{time.Hour + time.Minute, narrow, 5, false}, // the burst shrinks with what it holds
		{time.Hour, narrow, 4, true},                // a clock that is set back empties nothing
	} {
		if got := b.take(at(step.after), step.a, step.n); got != step.want {
			t.Errorf("step %d: take %d: got %v, want %v", i+1, step.n, got, step.want)
		}
	}
}

// What is owed is waited for, each the longer the more are owed.
func TestBucketOwes(t *testing.T) {
	now := time.Unix(1e9, 0)
	var b bucket
	a := allowance{perSecond: 10, burst: 2}
	for i, want := range []time.Duration{0, 0, 100 * time.Millisecond, 200 * time.Millisecond} {
		if got := b.owe(now, a, 1); got != want {
			t.Errorf("token %d: got %v, want %v", i+1, got, want)
		}
	}
	if got := b.owe(now.Add(time.Hour), a, 1); got != 0 {
		t.Errorf("an hour later: got %v, want none", got)
	}
}
