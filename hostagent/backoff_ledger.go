package hostagent

import (
	"cmp"
	"slices"
	"time"
)

// This file applies the back-off (backoff.go) to deals.

// mismatches are why a host that takes other guests takes this one never, or not now.
var mismatches = []Code{CodeKind, CodeNeeds, CodeNoDisk}

// countFault records the failure of a deal at its source; was is the state in which the
// deal ended. A temporary refusal does not count, nor does a deal that this host gave
// up itself.
func (p *past) countFault(d *deal, was DealState) {
	f := failedMove{guest: d.guest, host: d.target, began: d.began, why: d.reason.Detail, unkept: d.src.notLetIn && !d.src.excused}
	switch {
	case d.state != Aborted && d.state != Refused:
		return
	case was == Checking:
		f.begun, f.own = true, d.src.restarted || d.src.hurried
	case !d.src.declined:
		return
	}
	f.apart = slices.Contains(mismatches, d.reason.Code)
	if f.unkept {
		p.blame(d.target, blameUnkept)
	}
	if p.backoff.note(f, p.now, p.wall) {
		p.emit(Avoid{Host: d.target, On: true})
	}
}

// whyAvoidedHost says why a policy or a drain avoids a host now; the zero Refusal if it
// does not.
func (p *past) whyAvoidedHost(host HostID, operator bool) Refusal {
	return p.whyAvoided(attempt{host: host}, operator)
}

// whyNotThere says why a guest is not tried at a host now; the zero Refusal if it may
// be.
func (p *past) whyNotThere(guest GuestID, host HostID, operator bool) Refusal {
	if why := p.whyAvoidedHost(host, operator); why.Is() {
		return why
	}
	return p.whyAvoided(attempt{guest, host}, operator)
}

func (p *past) whyAvoided(a attempt, operator bool) Refusal {
	f, until := p.backoff.failed[a], p.backoff.modelUntil(a, p.config.Cooldown, p.config.RetryEvery)
	if operator {
		until = p.backoff.operatorUntil(a, p.config.RetryEvery)
	}
	if p.now >= until {
		return Refusal{}
	}
	pause := time.Duration(until - f.last).String()
	switch {
	case f.unkept:
		return Refusal{CodeAvoided, "it was armed for a guest and did not admit it, " + failedTimes(f.times) + ": it is tried again " + pause +
			" after that"}
	case a.guest == "":
		return Refusal{CodeAvoided, "migrations of different guests to it failed " + failedTimes(f.times) + " (" + f.why +
			"): it is tried again " + pause + " after the last"}
	}
	return Refusal{CodeBackoff, "its migration there failed " + failedTimes(f.times) + " (" + f.why + "): it is tried again " + pause +
		" after the last"}
}

// whyRests says why no policy moves a guest whose migration failed; the zero Refusal if
// one may.
func (p *past) whyRests(guest GuestID) Refusal {
	a := attempt{guest: guest}
	until := p.backoff.modelUntil(a, p.config.Cooldown, p.config.RetryEvery)
	if p.now >= until {
		return Refusal{}
	}
	f := p.backoff.failed[a]
	pause := time.Duration(until - f.last).String()
	if f.times == 1 {
		return Refusal{CodeBackoff, "its last migration failed less than " + pause + " ago"}
	}
	return Refusal{CodeBackoff, "its migration failed " + failedTimes(f.times) + ": it is left alone for " + pause + " after the last"}
}

// succeeded records that a host took a guest.
func (p *past) succeeded(guest GuestID, host HostID) {
	if p.backoff.succeeded(guest, host) {
		p.emit(Avoid{Host: host})
	}
}

// expireAvoided emits an Avoid effect for each host that models may choose again.
func (p *past) expireAvoided() {
	for _, host := range p.backoff.pass(p.now, p.config.Cooldown, p.config.RetryEvery) {
		p.emit(Avoid{Host: host})
	}
}

// Failing is a target at which migrations from this host failed, with the guests that
// failed.
type Failing struct {
	Host   HostID
	Guests []GuestID
	Whole  bool // the host is avoided for all guests; otherwise only for this guest
	Times  int  // in a row
	Since  time.Time
	Until  time.Time // when a policy retries
	Why    string    // the latest reason
}

// failing lists the attempts that are in back-off, hosts as a whole first.
func (p *past) failing() (list []Failing) {
	for a, f := range p.backoff.failed {
		until := p.backoff.modelUntil(a, p.config.Cooldown, p.config.RetryEvery)
		if a.host == "" || p.now >= until {
			continue
		}
		guests := slices.Clone(f.guests)
		if a.guest != "" {
			guests = []GuestID{a.guest}
		}
		slices.Sort(guests)
		list = append(list, Failing{
			Host: a.host, Guests: guests, Whole: a.guest == "", Times: f.times, Since: f.since, Why: f.why,
			Until: p.wall.Add(time.Duration(until - p.now)).Truncate(time.Second),
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

// best chooses the host for a guest that an operator moves: the one with the least load
// of those where nothing has failed, otherwise of the others. If all are in back-off,
// host is "" and noes says why.
func (p *past) best(guest GuestID, rooms []roomAnswer) (host HostID, noes []string) {
	slices.SortFunc(rooms, func(a, b roomAnswer) int {
		return cmp.Or(cmp.Compare(p.backoff.doubt(guest, a.host), p.backoff.doubt(guest, b.host)), a.compare(b))
	})
	for _, r := range rooms {
		why := p.whyNotThere(guest, r.host, true)
		if !why.Is() {
			return r.host, nil
		}
		noes = append(noes, why.Detail)
	}
	return "", noes
}
