package service

import (
	"log/slog"
	"time"
)

// logRate lets each peer cause so many lines of a kind in the log, and then one a
// second; it tells how many were left out.
type logRate struct {
	each map[logCause]*logAllowance
}

type logCause struct{ peer, kind string }

type logAllowance struct {
	until time.Time // when all lines are earned back
	left  int       // lines that were left out since the last one
}

const (
	linesAtOnce = 20
	lineEvery   = time.Second
	causesMost  = 4096
)

// allows says whether a line may be written, and adds how many were not.
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
