package hostagent

import (
	"fmt"
	"slices"
	"time"

	"parley/lcc"
)

// backoff remembers failures per guest and target, per guest, and per target. Each
// further failure in a row doubles the pause before a policy or a drain retries. A
// failure is forgotten when a migration of that kind succeeds, or after a long time
// without another failure. An order that names its target ignores the back-off.
type backoff struct {
	failed  map[attempt]*failure
	changes uint64 // number of changes; they must survive a restart
}

// attempt is the key of a failure: without a host, the guest at any host; without a
// guest, any guest at the host.
type attempt struct {
	guest GuestID
	host  HostID
}

type failure struct {
	times  int // in a row; attempts that were in flight together count once
	since  time.Time
	last   lcc.Instant
	why    string
	guests []GuestID // at a host: the distinct guests, up to guestsMost
	unkept bool      // at a host: it was armed and did not admit its guest
	shown  bool      // at a host: models avoid it
	moved  bool      // a migration began; otherwise the target was silent or withdrew
}

const (
	backoffMax = 4096 // most attempts remembered
	// guestsLeast is how many different guests must fail at a host before the host is
	// at fault, not the guest.
	guestsLeast = 2
	guestsMost  = 8
	// modelDoublings and operatorDoublings bound the doubling of a pause: from a
	// cool-down, five minutes by default, to 80; from ten seconds to 21 minutes.
	modelDoublings    = 4
	operatorDoublings = 7
	// A drain retries a guest after drainPauses times Config.RetryEvery, and a target,
	// or a guest at a target, after three times as long.
	drainPauses = 5
	pairPauses  = 3 * drainPauses
)

// failedMove is one failed attempt.
type failedMove struct {
	guest  GuestID
	host   HostID
	began  lcc.Instant // when the deal began
	why    string
	unkept bool
	begun  bool // the migration began: the guest may be at fault as well
	own    bool // the guest or this host is at fault, not the target
	apart  bool // the guest and the target do not match, and neither is at fault
}

// note records a failure, and says whether models must avoid the host.
func (b *backoff) note(f failedMove, now lcc.Instant, wall time.Time) bool {
	b.changes++
	if f.begun {
		b.add(attempt{guest: f.guest}, f, now, wall)
	}
	if f.own {
		return false
	}
	b.add(attempt{f.guest, f.host}, f, now, wall)
	if f.apart {
		return false
	}
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
			return nil // the table is full: the failure is not recorded
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

// whole says whether the host is at fault for the failures there.
func (f *failure) whole() bool { return f.unkept || len(f.guests) >= guestsLeast }

// succeeded forgets the failures that a successful migration has disproved, and says
// whether models may choose the host again.
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

// modelUntil returns the instant until which no policy retries an attempt. A guest at a
// target waits half as long again as the guest itself, so that another target is tried
// first. A cool-down of 0 leaves the pause of an unanswered question.
func (b *backoff) modelUntil(a attempt, cooldown, retry time.Duration) lcc.Instant {
	f := b.failed[a]
	cooldown = max(cooldown, retry)
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

// operatorUntil returns the instant until which a drain does not retry an attempt.
func (b *backoff) operatorUntil(a attempt, retry time.Duration) lcc.Instant {
	f := b.failed[a]
	switch {
	case f == nil || a.guest == "" && !f.whole():
		return 0
	case !f.moved && f.times == 1:
		return 0 // the target may have been busy, or a message was lost
	case !f.moved:
		return f.last + doubled(pairPauses*retry, f.times-2, operatorDoublings)
	case a.host == "":
		return f.last + doubled(drainPauses*retry, f.times-1, operatorDoublings)
	}
	return f.last + doubled(pairPauses*retry, f.times-1, operatorDoublings)
}

// doubt ranks a target for a guest, lower is better: 2 if this guest has failed there,
// 1 if another guest has.
func (b *backoff) doubt(guest GuestID, host HostID) int {
	switch {
	case b.failed[attempt{guest, host}] != nil:
		return 2
	case b.failed[attempt{host: host}] != nil:
		return 1
	}
	return 0
}

// times returns how often in a row the migration of a guest has failed.
func (b *backoff) times(guest GuestID) int {
	if f := b.failed[attempt{guest: guest}]; f != nil {
		return f.times
	}
	return 0
}

// pass forgets old failures, and returns the hosts that models may choose again.
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
