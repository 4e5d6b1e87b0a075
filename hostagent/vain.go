package hostagent

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/lcc"
)

// This file keeps one host from taking all the room by having it held. To ask is
// free and a hold shuts others out, so a source that lets offers go by, by design
// or because its policy forgets them, would leave nothing for the rest: it may
// have room held in vain for a tenth of the time.

const (
	vainOffers = 6  // offers that a host may let go by in a row
	vainShare  = 10 // of the time, one part of so many
	vainMax    = 4096
)

// eachMost is how many uncommitted offers one source may have at one time.
func (c *Core) eachMost() int { return (c.config.MovesIn + 1) / 2 }

// whyNotFor says why no room is held for a source now; "" when it may be.
func (c *Core) whyNotFor(source HostID, operator bool) string {
	if c.uncommitted(source, operator) >= c.eachMost() {
		return fmt.Sprintf("as many offers as one host may have at one time are held for it: %d", c.eachMost())
	}
	if over := c.vain[source] - c.now - lcc.Instant(c.vainMost()); over > 0 {
		wait := time.Duration(over).Truncate(time.Second) + time.Second
		return fmt.Sprintf("room was held for its host in vain too often: it may ask again in %v", wait)
	}
	return ""
}

// vainMost is how far ahead a moment may lie at which all is forgotten.
func (c *Core) vainMost() time.Duration { return vainShare * vainOffers * c.config.OfferTTL }

// uncommitted counts the offers to a source that it has not taken up; for an
// operator only those that would not give way.
func (c *Core) uncommitted(source HostID, operator bool) (n int) {
	for _, d := range c.deals {
		open := d.side == TargetSide && d.source == source && (d.state == Asking || d.state == Offered)
		if open && !(operator && d.givesWay()) {
			n++
		}
	}
	return n
}

// heldInVain charges a source with the time for which room was held and no guest
// came.
func (c *Core) heldInVain(d *deal) {
	if d.side != TargetSide || d.admitted || c.place(d.guest) == placeRunning {
		return
	}
	if len(c.vain) >= vainMax {
		maps.DeleteFunc(c.vain, func(_ HostID, until lcc.Instant) bool { return until <= c.now })
	}
	if _, known := c.vain[d.source]; known || len(c.vain) < vainMax {
		// Each second puts off by ten the moment at which all is forgotten.
		c.vain[d.source] = max(c.vain[d.source], c.now) + vainShare*(c.now-d.began)
	}
}

// armedMost is how long an armed hold stands whose guest was never seen on its
// way, however often the source says that it will come: twice what the move and
// the looking afterwards may take.
func (c *Core) armedMost(d *deal) lcc.Instant {
	return 2 * lcc.Instant(c.config.moveDeadline(d.need.MemoryBytes)+c.config.SettleMax)
}

func sorted[V any](m map[HostID]V) []HostID { return slices.Sorted(maps.Keys(m)) }
