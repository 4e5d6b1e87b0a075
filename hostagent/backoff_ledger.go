package hostagent

import (
	"cmp"
	"slices"
	"time"
)

// This file is how the ledger keeps by what failed before (backoff.go).

// countFault remembers the failure that a deal ended with at its source. was is the
// state that it ended from. A refusal that passes in a moment is none, and nor is a
// deal that this host gave up itself.
func (c *Core) countFault(d *deal, was DealState) {
	f := failedMove{guest: d.guest, host: d.target, began: d.began, why: d.reason, unkept: d.notLetIn && !d.excused}
	switch {
	case d.state != Aborted && d.state != Refused:
		return
	case was == Checking:
		f.begun, f.own = true, d.restarted || d.hurried
	case !d.declined:
		return
	}
	if f.unkept {
		c.blame(d.target, blameUnkept)
	}
	if c.backoff.note(f, c.now, c.wall) {
		c.emit(Avoid{Host: d.target, On: true})
	}
}

// whyAvoidedHost says why a host is no target for a policy or a drain now; "" when it
// may be one.
func (c *Core) whyAvoidedHost(host HostID, operator bool) string {
	return c.whyAvoided(attempt{host: host}, operator)
}

// whyNotThere says why a guest is not tried at a host now; "" when it may be.
func (c *Core) whyNotThere(guest GuestID, host HostID, operator bool) string {
	if why := c.whyAvoidedHost(host, operator); why != "" {
		return why
	}
	return c.whyAvoided(attempt{guest, host}, operator)
}

func (c *Core) whyAvoided(a attempt, operator bool) string {
	f, until := c.backoff.failed[a], c.backoff.modelUntil(a, c.config.Cooldown, c.config.RetryEvery)
	if operator {
		until = c.backoff.operatorUntil(a, c.config.RetryEvery)
	}
	if c.now >= until {
		return ""
	}
	pause := time.Duration(until - f.last).String()
	switch {
	case f.unkept:
		return "it was armed for a guest and did not let it in, " + failedTimes(f.times) + ": it is tried again " + pause + " after that"
	case a.guest == "":
		return "migrations of different guests to it failed " + failedTimes(f.times) + " (" + f.why + "): it is tried again " + pause + " after the last"
	}
	return "its migration there failed " + failedTimes(f.times) + " (" + f.why + "): it is tried again " + pause + " after the last"
}

// whyRests says why no policy moves a guest whose migration has failed; "" when one
// may.
func (c *Core) whyRests(guest GuestID) string {
	a := attempt{guest: guest}
	until := c.backoff.modelUntil(a, c.config.Cooldown, c.config.RetryEvery)
	if c.now >= until {
		return ""
	}
	f := c.backoff.failed[a]
	pause := time.Duration(until - f.last).String()
	if f.times == 1 {
		return "its last migration failed less than " + pause + " ago"
	}
	return "its migration failed " + failedTimes(f.times) + ": it is left alone for " + pause + " after the last"
}

// succeeded notes that a host has taken a guest.
func (c *Core) succeeded(guest GuestID, host HostID) {
	if c.backoff.succeeded(guest, host) {
		c.emit(Avoid{Host: host})
	}
}

// expireAvoided ends the time in which hosts are not chosen.
func (c *Core) expireAvoided() {
	for _, host := range c.backoff.pass(c.now, c.config.Cooldown, c.config.RetryEvery) {
		c.emit(Avoid{Host: host})
	}
}

// Failing is a target at which migrations from this host have failed, and the guest
// or the guests that did.
type Failing struct {
	Host   HostID
	Guests []GuestID
	Whole  bool // the host is not chosen, for no guest; else for this one
	Times  int  // in a row
	Since  time.Time
	Until  time.Time // when a policy tries again
	Why    string    // the latest
}

// failing lists what is not tried now, hosts as a whole first.
func (c *Core) failing() (list []Failing) {
	for a, f := range c.backoff.failed {
		until := c.backoff.modelUntil(a, c.config.Cooldown, c.config.RetryEvery)
		if a.host == "" || c.now >= until {
			continue
		}
		guests := slices.Clone(f.guests)
		if a.guest != "" {
			guests = []GuestID{a.guest}
		}
		slices.Sort(guests)
		list = append(list, Failing{
			Host: a.host, Guests: guests, Whole: a.guest == "", Times: f.times, Since: f.since, Why: f.why,
			Until: c.wall.Add(time.Duration(until - c.now)).Truncate(time.Second),
		})
	}
	slices.SortFunc(list, func(a, b Failing) int {
		switch {
		case a.Whole != b.Whole && a.Whole:
			return -1
		case a.Whole != b.Whole:
			return 1
		}
		return cmp.Or(cmp.Compare(a.Host, b.Host), slices.Compare(a.Guests, b.Guests))
	})
	return list
}

// best is the room that a guest of an operator's goes to: the one with the least
// load of those where nothing has failed, else of the others; "" where all are
// given time. Why says what is.
func (c *Core) best(guest GuestID, rooms []room) (host HostID, noes []string) {
	slices.SortFunc(rooms, func(a, b room) int {
		return cmp.Or(cmp.Compare(c.backoff.doubt(guest, a.host), c.backoff.doubt(guest, b.host)), a.compare(b))
	})
	for _, r := range rooms {
		why := c.whyNotThere(guest, r.host, true)
		if why == "" {
			return r.host, nil
		}
		noes = append(noes, why)
	}
	return "", noes
}
