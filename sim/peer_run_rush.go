package sim

import (
	"fmt"
	"time"

	"parley/lcc"
	"parley/lcc/syntax"
)

// This file ends a run in which a peer sends without a pause. A message to a peer that is
// not there comes back at once, so a model that sends it again makes no virtual time pass,
// and no limit of time ends the run.

const (
	rushWithin = lcc.Instant(time.Millisecond)
	rushMost   = 10_000 // messages of one peer within rushWithin
)

// rush counts what a peer sends within a moment.
type rush struct {
	since lcc.Instant
	sent  int
}

// note counts a message and reports whether there are too many.
func (r *rush) note(now lcc.Instant) bool {
	if r.sent == 0 || now-r.since >= rushWithin {
		*r = rush{since: now}
	}
	r.sent++
	return r.sent > rushMost
}

// RushError says that a peer sends without a pause.
type RushError struct {
	Peer string
	At   time.Duration // since the beginning
	Last lcc.Record    // its last message
}

func (e *RushError) Error() string {
	short := func(t lcc.Term) string { return syntax.Short(t.String(), 60) }
	return fmt.Sprintf("peer %s sends without a pause: more than %d messages within %v of virtual time, at %.3f s. The last one is %s to %s, "+
		"in role %s (%s:%d): wait before it is sent again, as with null <- timeout(5); `parley check` may show how it comes (LCC032)",
		e.Peer, rushMost, time.Duration(rushWithin), e.At.Seconds(), short(e.Last.Term), e.Last.Peer, short(e.Last.Role),
		e.Last.Pos.File, e.Last.Pos.Line)
}
