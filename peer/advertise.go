package peer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parley/lcc"
)

// advertiser schedules the adverts of this peer.
type advertiser struct {
	usual time.Duration // Options.AdvertEvery as given; Core.o holds the group's pace
	due   bool          // something changed since the last advert
	met   bool          // a newcomer connected since the last advert
	seq   uint64        // of the last advert
	last  lcc.Instant   // when it was published
	next  lcc.Instant   // when the next one is published
	host  []byte        // what the host tells in them
}

// advertise publishes an advert when one is due, and schedules the next. After a change
// that is soon but not at once, so that several changes share one advert; otherwise
// after AdvertEvery with jitter, so that the hosts of a group do not all advertise
// together. For newcomers an advert is early, too.
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
	if len(c.players.outsiders) == 0 { // what a host tells is for hosts of its owner
		advert.Host = a.host
	}
	a.seq++
	advert.Seq = a.seq
	a.last = c.now
	a.next = c.now + lcc.Instant(jitter(c.o.AdvertEvery, c.chance))
	c.emit(Publish{Advert: advert})
}

// within schedules the next advert for a gap after the last one, or for now when there
// was none.
func (a *advertiser) within(now lcc.Instant, gap time.Duration) {
	at := now
	if a.seq > 0 {
		at = max(now, a.last+lcc.Instant(gap))
	}
	a.next = earliest(a.next, at)
}

// offer updates the roles that others can discover. Roles within a negotiation are not
// advertised.
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

// tell sets what the host tells in adverts from now on.
func (a *advertiser) tell(ev Tell) error {
	if len(ev.Data) > HostBytes {
		return fmt.Errorf("peer: the host tells %d bytes, more than %d", len(ev.Data), HostBytes)
	}
	a.host = ev.Data
	a.due = a.due || ev.Soon
	return nil
}

// jitter shortens a duration by up to a tenth at random.
func jitter(d time.Duration, chance *rand.ChaCha8) time.Duration {
	return d - time.Duration(chance.Uint64()%uint64(d/10+1))
}
