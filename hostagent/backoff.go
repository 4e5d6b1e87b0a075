package hostagent

import (
	"fmt"
	"slices"
	"time"

	"parley/lcc"
)

// backoff remembers what failed where it failed: a guest at a target, a guest
// wherever it was tried, and a target whichever the guest was. Each further failure
// in a row doubles the pause before a policy, or a drain, tries the same again. It is
// forgotten when a migration of that kind succeeds, and after a long time without
// one. An order that names its target is tried all the same.
type backoff struct {
	failed  map[attempt]*failure
	changes uint64 // that a restart is not to forget
}

// attempt is what failed: without a host a guest anywhere, without a guest any
// guest at a host.
type attempt struct {
	guest GuestID
	host  HostID
}

type failure struct {
	times  int // in a row; attempts that were under way together count once
	since  time.Time
	last   lcc.Instant
	why    string
	guests []GuestID // at a host: the different ones, up to guestsMost
	unkept bool      // at a host: it was armed and did not let its guest in
	shown  bool      // at a host: models are told not to choose it
	moved  bool      // a migration was begun; else the target was silent or took back its word
}

const (
	backoffMax = 4096 // attempts that are remembered
	// guestsLeast is how many different guests must fail at a host before the host
	// is held to be at fault, and not the guest.
	guestsLeast = 2
	guestsMost  = 8
	// modelDoublings and operatorDoublings bound how often a pause is doubled: from
	// a cool-down, five minutes by default, to 80; from ten seconds to 21 minutes.
	modelDoublings    = 4
	operatorDoublings = 7
	// A drain tries a guest again after so many pauses between two questions, and a
	// guest at a target, or a target, after three times as many.
	drainPauses = 5
	pairPauses  = 3 * drainPauses
)

// failedMove is one failed attempt.
type failedMove struct {
	guest  GuestID
	host   HostID
	began  lcc.Instant // when the deal did
	why    string
	unkept bool
	begun  bool // the platform was at it: it may be the guest's fault as well
	own    bool // it is the guest's or this host's fault, not the target's
}

// note remembers a fault, and says whether the host is to be chosen by no model.
func (b *backoff) note(f failedMove, now lcc.Instant, wall time.Time) bool {
	b.changes++
	if f.begun {
		b.add(attempt{guest: f.guest}, f, now, wall)
	}
	if f.own {
		return false
	}
	b.add(attempt{f.guest, f.host}, f, now, wall)
	at := b.add(attempt{host: f.host}, f, now, wall)
	if at == nil || !at.whole() {
		return false
	}
	at.shown = true
	return true
}

func (b *backoff) add(a attempt, f failedMove, now lcc.Instant, wall time.Time) *failure {
	at := b.failed[a]
	if at == nil {
		if len(b.failed) >= backoffMax {
			return nil // none of so many is told from the others
		}
		at = &failure{since: wall}
		b.failed[a] = at
	}
	if at.times == 0 || f.began >= at.last {
		at.times++
	}
	at.last, at.why, at.unkept, at.moved = now, f.why, at.unkept || f.unkept, at.moved || f.begun
	if a.guest == "" && len(at.guests) < guestsMost && !slices.Contains(at.guests, f.guest) {
		at.guests = append(at.guests, f.guest)
	}
	return at
}

// whole says whether the failures at a host are the host's.
func (f *failure) whole() bool { return f.unkept || len(f.guests) >= guestsLeast }

// succeeded forgets what a migration has shown to be over, and says whether models
// may choose the host again.
func (b *backoff) succeeded(guest GuestID, host HostID) (lift bool) {
	at := b.failed[attempt{host: host}]
	lift = at != nil && at.shown
	for _, a := range []attempt{{guest: guest}, {guest, host}, {host: host}} {
		if b.failed[a] != nil {
			b.changes++
			delete(b.failed, a)
		}
	}
	return lift
}

func doubled(pause time.Duration, times, most int) lcc.Instant {
	return lcc.Instant(pause) << min(max(times, 0), most)
}

// modelUntil is until when no policy tries an attempt again. A guest at a target
// waits half as long again as the guest itself, so that another target has its turn.
func (b *backoff) modelUntil(a attempt, cooldown, retry time.Duration) lcc.Instant {
	f := b.failed[a]
	switch {
	case f == nil || a.guest == "" && !f.whole():
		return 0
	case !f.moved:
		return b.operatorUntil(a, retry)
	case a.guest != "" && a.host != "":
		return f.last + doubled(cooldown+cooldown/2, f.times-1, modelDoublings)
	}
	return f.last + doubled(cooldown, f.times-1, modelDoublings)
}

// operatorUntil is until when a drain does not try an attempt again.
func (b *backoff) operatorUntil(a attempt, retry time.Duration) lcc.Instant {
	f := b.failed[a]
	switch {
	case f == nil || a.guest == "" && !f.whole():
		return 0
	case !f.moved && f.times == 1:
		return 0 // it may have been busy, or a message was lost
	case !f.moved:
		return f.last + doubled(pairPauses*retry, f.times-2, operatorDoublings)
	case a.host == "":
		return f.last + doubled(drainPauses*retry, f.times-1, operatorDoublings)
	}
	return f.last + doubled(pairPauses*retry, f.times-1, operatorDoublings)
}

// doubt says how little a target is to be preferred for a guest: most where the
// guest itself has failed, less where another one has.
func (b *backoff) doubt(guest GuestID, host HostID) int {
	switch {
	case b.failed[attempt{guest, host}] != nil:
		return 2
	case b.failed[attempt{host: host}] != nil:
		return 1
	}
	return 0
}

// times is how often in a row the migration of a guest has failed.
func (b *backoff) times(guest GuestID) int {
	if f := b.failed[attempt{guest: guest}]; f != nil {
		return f.times
	}
	return 0
}

// pass lets time pass: it forgets what was long ago, and returns the hosts that
// models may choose again.
func (b *backoff) pass(now lcc.Instant, cooldown, retry time.Duration) (lift []HostID) {
	for a, f := range b.failed {
		until := b.modelUntil(a, cooldown, retry)
		if f.shown && now >= until {
			f.shown = false
			lift = append(lift, a.host)
		}
		if now >= max(until, f.last)+doubled(2*cooldown, f.times-1, modelDoublings) {
			delete(b.failed, a)
		}
	}
	slices.Sort(lift)
	return lift
}

func failedTimes(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times in a row", n)
}
