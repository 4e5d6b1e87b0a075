package service

import (
	"log/slog"
	"time"
)

// logRate limits the log lines of each kind that one peer can cause: a burst of
// linesAtOnce, then one each lineEvery. It reports how many were suppressed.
type logRate struct {
	each map[logCause]*logAllowance
}

type logCause struct{ peer, kind string }

type logAllowance struct {
	until time.Time // when the whole burst is available again
	left  int       // suppressed since the last line
}

const (
	linesAtOnce = 20
	lineEvery   = time.Second
	causesMost  = 4096
)

// allows says whether a line may be written, and returns the number suppressed.
func (r *logRate) allows(peer, kind string, now time.Time) (attrs []slog.Attr, ok bool) {
	cause := logCause{peer, kind}
	one := r.each[cause]
	if one == nil {
		if r.each == nil || len(r.each) >= causesMost {
			r.each = map[logCause]*logAllowance{}
		}
		one = &logAllowance{}
		r.each[cause] = one
	}
	if one.until.Before(now) {
		one.until = now
	}
	if one.until.Add(lineEvery).Sub(now) > linesAtOnce*lineEvery {
		one.left++
		return nil, false
	}
	one.until = one.until.Add(lineEvery)
	if one.left > 0 {
		attrs = append(attrs, slog.Int("left_out", one.left))
		one.left = 0
	}
	return attrs, true
}
