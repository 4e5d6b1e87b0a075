package hostagent

import (
	"maps"

	"parley/lcc"
)

// This file detects misbehaviour: payloads that no honest host sends, or not so often.
// It only reports them (Misbehaved); nothing here moves a guest or frees a reservation.

// conduct records what other hosts did, and with which of them no deal begins.
type conduct struct {
	*turn
	load *loads
	book *book

	beginQuota       beginQuota
	strayed          map[HostID]lcc.Instant // when the payloads that a host sent outside its deals are forgotten
	unused           debts                  // when the unused reservations of a host are forgotten
	unusedByOperator debts                  // the same, for moves that the source attributes to its operator
	outsiders        map[HostID]string      // hosts with which no deal begins, and why
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
	blameMalformed = "malformed" // its payload cannot be decoded
	blameForged    = "forged"    // its payload is not signed by it
	blameStray     = "stray"     // it refers to deals that it is not part of
	blameReplayed  = "replayed"  // it keeps repeating binding payloads
	blameUnkept    = "unkept"    // it was armed and did not admit the guest
)

// Misconduct returns the kinds of what a ledger blames other hosts for.
func Misconduct() []string {
	return []string{blameMalformed, blameForged, blameStray, blameReplayed, blameUnkept}
}

// An honest host refers to deals that this host does not know if this host gave up its
// question, or if one of the two crashed: a few times, and not for long.
const (
	straysAtOnce = 32 // per host
	strayEvery   = lcc.Instant(500_000_000)
	straysMax    = 4096 // most hosts remembered
)

// bindingMost is how often a host may send the binding payloads of a deal: an
// unanswered payload is sent again every Config.RetryEvery.
const bindingMost = 64

// accepts says whether to process a payload. If not, it blames the sender, or only
// refuses a sender that begins too many deals.
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
		c.wire.send(from, refuseOf(p.Deal, Refusal{CodeRate, "too many new deals: this host limits how many one host may begin in a " +
			"second"}))
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
	return op.operatorMoveAsking(from, id) != nil || op.home.awaits(from, id) || op.emptying.survey.find(id, from) != nil ||
		len(op.dryRuns) > 0 && op.dryRuns[0].find(id, from) != nil
}

// begins says whether a payload of this kind may name a deal that its receiver does not
// know.
func begins(kind string) bool {
	return kind == kindAsk || kind == kindQuote || kind == kindPropose || kind == kindHome
}

// strays counts a payload about a deal that is not between its sender and this host,
// and says whether the sender may still be honest.
func (c *conduct) strays(from HostID) bool {
	if len(c.strayed) >= straysMax {
		maps.DeleteFunc(c.strayed, func(_ HostID, until lcc.Instant) bool { return until <= c.now })
	}
	if len(c.strayed) >= straysMax {
		return true // the table is full: hosts are not distinguished
	}
	// Each stray payload postpones the instant at which all are forgotten.
	until := max(c.strayed[from], c.now) + strayEvery
	if until > c.now+straysAtOnce*strayEvery {
		return false
	}
	c.strayed[from] = until
	return true
}
