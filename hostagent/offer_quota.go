package hostagent

import (
	"maps"
	"time"

	"parley/lcc"
)

// This file keeps one host from taking all the room by having it held. To ask is
// free and a hold shuts others out, so a source that lets offers go by, by design
// or because its policy forgets them, would leave nothing for the rest: it may
// have room held in vain for a tenth of the time.

const (
	unusedOffers = 6  // offers that a host may let go by in a row
	unusedShare  = 10 // of the time, one part of so many
	unusedMax    = 4096
)

// eachMost is how many holds that nobody has arrived on one source may have at one
// time.
func (c *conduct) eachMost() int { return (c.config.MovesIn + 1) / 2 }

// whyNoQuota says why no room is held for a source now; "" when it may be.
func (c *conduct) whyNoQuota(source HostID, operator bool) Refusal {
	if c.book.unusedOf(source, operator) >= c.eachMost() {
		return refusal(CodeQuota, "as many offers as one host may have at one time are held for it: %d", c.eachMost())
	}
	if over := c.unused[source] - c.now - lcc.Instant(c.unusedMost()); over > 0 {
		wait := time.Duration(over).Truncate(time.Second) + time.Second
		return refusal(CodeUnused, "room was held for its host in vain too often: it may ask again in %v", wait)
	}
	return Refusal{}
}

// unusedMost is how far ahead a moment may lie at which all is forgotten.
func (c *conduct) unusedMost() time.Duration { return unusedShare * unusedOffers * c.config.OfferTTL }

// chargeUnused charges a source with the time for which room was held and no guest
// came; with that of an offer at least, where honest offers were taken back for it.
func (c *conduct) chargeUnused(d *deal) {
	if d.side != TargetSide || d.tgt.admitted || c.load.place(d.guest) == placeRunning {
		return
	}
	held := c.now - d.began
	if d.tgt.displaces {
		held = max(held, lcc.Instant(c.config.OfferTTL))
	}
	c.unused.charge(d.source, c.now, held)
	if d.operator {
		c.unusedByOperator.charge(d.source, c.now, held)
	}
}

// debts say when it is forgotten that room was held for a host in vain.
type debts map[HostID]lcc.Instant

// charge puts off by ten seconds for each second the moment at which all is
// forgotten.
func (b debts) charge(host HostID, now, held lcc.Instant) {
	if len(b) >= unusedMax {
		maps.DeleteFunc(b, func(_ HostID, until lcc.Instant) bool { return until <= now })
	}
	if _, known := b[host]; known || len(b) < unusedMax {
		b[host] = max(b[host], now) + unusedShare*held
	}
}

// operatorDoubted says whether the word of a source that its operator wants a move goes no
// further than that of its models: room was held for it in vain, and that is not
// forgotten yet. Neither a pause of this host nor what it has offered to others
// gives way to it.
func (c *conduct) operatorDoubted(source HostID) bool { return c.unusedByOperator[source] > c.now }

// unvisited says whether an armed hold has waited long enough for its guest. A
// platform asks the arrival check, and shows the guest, within seconds of the
// beginning of a migration; what the source says meanwhile counts for nothing.
func (tg *targets) unvisited(d *deal) bool {
	return d.state == Armed && tg.load.place(d.guest) == placeAbsent && tg.now-d.tgt.unseen >= 2*lcc.Instant(tg.config.ArmedTTL)
}

var unvisited = Refusal{CodeUnused, "the source has committed, and for too long its guest did not come"}
