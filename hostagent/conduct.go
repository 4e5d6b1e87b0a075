package hostagent

import (
	"maps"

	"parley/lcc"
)

// This file is what a ledger holds against another host: what no honest one says,
// or not so often. It only tells (Misbehaved); nothing that is said here moves a
// guest or frees a hold.

// conduct is what other hosts did, and with which of them no deal begins.
type conduct struct {
	*turn
	load *loads
	book *book

	beginQuota       beginQuota
	strayed          map[HostID]lcc.Instant // when what they said beside their deals is forgotten
	unused           debts                  // when the room that was held for nothing is forgotten
	unusedByOperator debts                  // the same, where the source has said that its operator wants the move
	outsiders        map[HostID]string      // with whom no deal begins, and why
	roster           roster
}

func newConduct(t *turn, load *loads, book *book, beginsAtOnce int) *conduct {
	return &conduct{
		turn: t, load: load, book: book, beginQuota: beginQuota{atOnce: beginsAtOnce},
		strayed: map[HostID]lcc.Instant{}, unused: debts{}, unusedByOperator: debts{},
	}
}

// What a ledger blames another host for.
const (
	blameMalformed = "malformed" // what it says cannot be read
	blameForged    = "forged"    // what it says is not signed by it
	blameStray     = "stray"     // it speaks of deals that it has no part in
	blameReplayed  = "replayed"  // it says again, and goes on, what binds it
	blameUnkept    = "unkept"    // it was armed, and did not let the guest in
)

// An honest host speaks of deals that this one does not know when its own
// question was given up here, or when a crash has cut one of the two: a few
// times, and not for long.
const (
	straysAtOnce = 32 // of one host
	strayEvery   = lcc.Instant(500_000_000)
	straysMax    = 4096 // hosts of which that is remembered
)

// bindingMost is how often a host may say one by one what binds it in a deal:
// what gets no answer is said again every Config.RetryEvery.
const bindingMost = 64

// accepts says whether a payload is gone into, and blames its sender where not.
func (c *Core) accepts(from HostID, p payload) bool {
	d := c.book.deals[p.Deal]
	if d == nil {
		d = c.book.endedDeal(p.Deal)
	}
	switch {
	case d != nil && d.partner() == from:
		if binding(p.Kind) {
			d.bound++
		}
		if d.bound <= bindingMost {
			return true
		}
		c.blame(from, blameReplayed)
	case d == nil && begins(p.Kind):
		if c.conduct.beginQuota.takes(from, p.Kind, c.now) {
			return true
		}
		c.wire.send(from, refuseOf(p.Deal, Refusal{CodeRate, "this host takes no more new deals of yours now: it takes so many a " +
			"second of one host"}))
		return false
	case (p.Kind == kindRoom || p.Kind == kindRefuse) && c.operator.awaits(from, p.Deal):
		return true
	case c.conduct.strays(from):
		return true
	default:
		c.blame(from, blameStray)
	}
	return false
}

// awaits says whether a host was asked for room and has not answered yet.
func (op *operator) awaits(from HostID, id DealID) bool {
	return op.operatorMoveAsking(from, id) != nil || op.emptying.survey.find(id, from) != nil
}

// begins says whether a kind of payload is about a deal that its receiver need
// not know of.
func begins(kind string) bool { return kind == kindAsk || kind == kindQuote || kind == kindPropose }

// strays counts a payload about what is no deal between its sender and this
// host, and says whether that may still be honest.
func (c *conduct) strays(from HostID) bool {
	if len(c.strayed) >= straysMax {
		maps.DeleteFunc(c.strayed, func(_ HostID, until lcc.Instant) bool { return until <= c.now })
	}
	if len(c.strayed) >= straysMax {
		return true // none of so many hosts is told from the others
	}
	// Each puts off the moment at which all is forgotten.
	until := max(c.strayed[from], c.now) + strayEvery
	if until > c.now+straysAtOnce*strayEvery {
		return false
	}
	c.strayed[from] = until
	return true
}
