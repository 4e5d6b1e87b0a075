package peer

import (
	"time"

	"parley/lcc"
)

// This file makes adverts rarer in large groups: all hosts of a group receive each
// advert, so at a constant pace the load of a host would grow with its group.

// paceHosts is the largest group whose hosts advertise every Options.AdvertEvery.
const paceHosts = 32

// grouped sets the pace for a group of this size. All hosts of a group have the same
// roster, so each knows how long to wait for the others; the tolerance of three missed
// adverts covers a host that learns of a change later.
func (c *Core) grouped(hosts int) {
	every := max(c.adverts.usual, c.adverts.usual*time.Duration(hosts)/paceHosts)
	if every == c.o.AdvertEvery {
		return
	}
	c.o.AdvertEvery = every
	c.adverts.next = earliest(c.adverts.next, c.now+lcc.Instant(jitter(every, c.chance)))
	for _, p := range c.players.order {
		c.players.watch(p, c.o)
	}
}
