package peer

import (
	"math/rand/v2"
	"slices"
	"time"

	"parley/lcc"
)

// advertiser says when this peer tells its group what it plays.
type advertiser struct {
	usual time.Duration // Options.AdvertEvery as it was given; the core has that of the group
	due   bool          // something changed since the latest advert
	met   bool          // somebody came since
	seq   uint64        // of the latest
	last  lcc.Instant   // when it went out
	next  lcc.Instant   // when the next goes out
}

// advertise publishes an advert when one is due, and plans the next: soon but
// not at once after a change, so that several make one; and every AdvertEvery,
// some earlier and some later, so that a group does not speak in one moment.
// For newcomers one comes early, too.
func (c *Core) advertise() {
	a := &c.adverts
	if a.due {
		a.within(c.now, c.o.AdvertGap)
	}
	if a.met {
		a.within(c.now, c.o.GreetGap)
	}
	a.due, a.met = false, false
	if a.next == 0 || a.next > c.now {
		return
	}
	advert := Advert{Peer: c.o.Self, Incarnation: c.o.Incarnation}
	for _, m := range c.order {
		if m.retired {
			continue
		}
		advert.Plays = append(advert.Plays, Play{Model: m.model.Digest(), Roles: m.found})
	}
	a.seq++
	advert.Seq = a.seq
	a.last = c.now
	a.next = c.now + lcc.Instant(jitter(c.o.AdvertEvery, c.chance))
	c.emit(Publish{Advert: advert})
}

// within plans the next advert for when a time has passed since the latest, if there
// was any.
func (a *advertiser) within(now lcc.Instant, gap time.Duration) {
	at := now
	if a.seq > 0 {
		at = max(now, a.last+lcc.Instant(gap))
	}
	a.next = earliest(a.next, at)
}

// offer tells others of the roles that they can find somebody for. Those that a
// negotiation passes through are no news to anybody.
func (c *Core) offer(m *enacted) {
	found := make([]lcc.Term, 0, len(m.roles))
	for _, role := range m.roles {
		if m.model.Found(role) && !m.closes(role) {
			found = append(found, role)
		}
	}
	if !slices.EqualFunc(found, m.found, lcc.Equal) {
		m.found = found
		c.adverts.due = c.adverts.due || !m.retired
	}
}

// jitter is a duration up to a tenth shorter.
func jitter(d time.Duration, chance *rand.ChaCha8) time.Duration {
	return d - time.Duration(chance.Uint64()%uint64(d/10+1))
}
