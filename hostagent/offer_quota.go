package hostagent

import (
	"maps"
	"time"

	"parley/lcc"
)

// This file keeps one host from reserving all the room. Asking is free and a
// reservation keeps others out, so a source that lets offers expire, on purpose or
// because its policy forgets them, would leave nothing for the rest: a source may leave
// reservations unused for at most 10 % of the time.

const (
	unusedOffers = 6  // offers that a host may let expire in a row
	unusedShare  = 10 // 1/unusedShare of the time may be unused
	unusedMax    = 4096
)

// eachMost returns how many reservations without an arrived guest one source may have
// at one time.
func (c *conduct) eachMost() int { return (c.config.MovesIn + 1) / 2 }

// whyNoQuota says why no room is reserved for a source now; the zero Refusal if it may
// be.
func (c *conduct) whyNoQuota(source HostID, operator bool) Refusal {
	if c.book.unusedOf(source, operator) >= c.eachMost() {
		return refusal(CodeQuota, "its host has as many open offers as one host may have: %d", c.eachMost())
	}
	if over := c.unused[source] - c.now - lcc.Instant(c.unusedMost()); over > 0 {
		wait := time.Duration(over).Truncate(time.Second) + time.Second
		return refusal(CodeUnused, "its host left too many reservations unused: it may ask again in %v", wait)
	}
	return Refusal{}
}

// unusedMost returns how far in the future a debt may end.
func (c *conduct) unusedMost() time.Duration { return unusedShare * unusedOffers * c.config.OfferTTL }

// chargeUnused charges a source for the time for which room was reserved and no guest
// came; for at least OfferTTL if offers to others were withdrawn for it.
func (c *conduct) chargeUnused(d *deal) {
	if d.side != TargetSide || d.tgt.admitted || c.load.place(d) == placeRunning {
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

// debts holds when the unused reservations of each host are forgotten.
type debts map[HostID]lcc.Instant

// charge postpones the end of a host's debt by unusedShare seconds for each second.
func (b debts) charge(host HostID, now, held lcc.Instant) {
	if len(b) >= unusedMax {
		maps.DeleteFunc(b, func(_ HostID, until lcc.Instant) bool { return until <= now })
	}
	if _, known := b[host]; known || len(b) < unusedMax {
		b[host] = max(b[host], now) + unusedShare*held
	}
}

// operatorDoubted says whether a source's claim that its operator wants a move counts
// no more than a request of its models: reservations for such moves were left unused,
// and that is not forgotten yet. Neither a pause of this host nor its offers to others
// give way to such a claim.
func (c *conduct) operatorDoubted(source HostID) bool { return c.unusedByOperator[source] > c.now }

// unvisited says whether an armed reservation has waited too long for its guest. A
// platform asks for admission and shows the guest within seconds of the start of a
// migration; what the source says meanwhile does not count.
func (tg *targets) unvisited(d *deal) bool {
	return d.state == Armed && tg.load.place(d) == placeAbsent && tg.now-d.tgt.unseen >= 2*lcc.Instant(tg.config.ArmedTTL)
}

var unvisited = Refusal{CodeUnused, "the source has committed, but its guest did not arrive in time"}
