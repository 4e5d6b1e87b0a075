package peer

import (
	"time"

	"parley/lcc"
)

// This file makes adverts rarer in large groups: each is heard by all hosts of a
// group, so at one pace for all what a host hears would grow with its group.

// paceHosts is how large a group may be whose hosts advertise every
// Options.AdvertEvery.
const paceHosts = 32

// grouped sets the pace for a group of so many hosts. All hosts of a group have the
// same roster, so each knows how long to wait for the others; where one learns of a
// change later, three missed adverts bear it.
func (c *Core) grouped(hosts int) {
	every := max(c.adverts.usual, c.adverts.usual*time.Duration(hosts)/paceHosts)
	if every == c.o.AdvertEvery {
		return
	}
	c.o.AdvertEvery = every
	c.adverts.next = earliest(c.adverts.next, c.now+lcc.Instant(jitter(every, c.chance)))
	for _, id := range c.players.order {
		c.players.watch(c.players.peers[id], c.o)
	}
}
