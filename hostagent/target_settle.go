package hostagent

import "parley/lcc"

// This file is the target's part of a deal once it is armed, until the outcome is seen.

// targetLooked advances a deal by what the platform shows.
func (tg *targets) targetLooked(d *deal) {
	here := tg.load.place(d)
	switch {
	case d.state == Armed && here == placeRunning:
		// The guest replaces its reservation; only the source can say whether it is
		// gone there.
		tg.ledger.announce(d, Checking, Refusal{})
		d.expires = tg.after(tg.config.SettleMax)
		tg.askSource(d)
	case d.state == Armed && here == placeIncoming:
		// An armed reservation does not expire while the migration is in flight.
		d.tgt.admitted, d.tgt.unseen = true, tg.now
		d.expires = tg.after(tg.config.ArmedTTL)
		d.next = d.expires
	case d.tgt.over.Is() && tg.load.looksSince(d.lookFrom):
		tg.overHere(d, here)
	case d.tgt.over.Is():
		tg.emit(Observe{})
	case d.state == Armed && here == placeAbsent && d.tgt.admitted && d.next > tg.after(tg.config.RetryEvery):
		// It was admitted and is not here: the source knows where it is.
		tg.ledger.later(d, tg.config.RetryEvery)
	}
}

// askSource asks whether the guest is still at the source, and looks here.
func (tg *targets) askSource(d *deal) {
	if d.expires == 0 {
		d.expires = tg.after(tg.config.ArmedTTL)
	}
	tg.ledger.later(d, tg.config.RetryEvery)
	tg.ledger.askWhere(d)
	tg.emit(Observe{})
}

// tendTarget handles a deal whose time has come.
func (tg *targets) tendTarget(d *deal) {
	here := tg.load.place(d)
	switch {
	case d.state == Asking && tg.now >= d.expires:
		tg.ledger.end(d, Refused, Refusal{CodeSilent, "the source does not say what the guest needs"})
	case d.state == Asking:
		tg.sayAsk(d)
	case d.state == Offered && tg.now >= d.expires:
		tg.ledger.end(d, Expired, Refusal{CodeExpired, "the source did not commit in time"})
	case d.state == Offered:
		d.next = d.expires
	case tg.unvisited(d):
		// If the guest comes after all, it is not admitted.
		tg.ledger.end(d, Expired, unvisited)
	case tg.now < d.expires+tg.silence(d):
		tg.askSource(d)
	case d.state == Checking && here == placeRunning && tg.ledger.there(d) == placeRunning:
		tg.ledger.end(d, Stuck, Refusal{CodeUnclear, "both hosts show the guest running: look at both and stop the copy that is wrong"})
	case d.state == Checking && here == placeRunning:
		tg.ledger.end(d, Done, Refusal{CodeSilent, "the guest runs here; the source is silent"})
	case d.state == Checking && here == placeAbsent && tg.ledger.there(d) == placeRunning:
		tg.ledger.end(d, Aborted, Refusal{CodeAbsent, "the guest runs at its source, and no longer here"})
	case d.state == Checking && here != placeUnknown:
		tg.ledger.end(d, Stuck, Refusal{CodeUnclear, "the guest came and is " + string(here) + " now: look at it here and at the source"})
	case here == placeAbsent:
		// If the guest comes after all, it is not admitted.
		tg.ledger.end(d, Expired, Refusal{CodeSilent, "the guest did not come and the source is silent"})
	default:
		// The guest is in transit, or the platform cannot be observed: the room stays taken
		// meanwhile.
		tg.askSource(d)
	}
}

// silence is how long after the end of a reservation a source is still asked before it
// counts as silent.
func (tg *targets) silence(d *deal) lcc.Instant {
	if d.state == Armed {
		return lcc.Instant(tg.config.SettleMax)
	}
	return 0
}

// sourceSays advances a deal by the source's answer.
func (tg *targets) sourceSays(d *deal, p payload) {
	d.word.hear(p)
	switch {
	case d.state == Checking && p.Place == placeAbsent && tg.load.place(d) == placeRunning:
		tg.ledger.end(d, Done, Refusal{})
	case d.state == Checking && p.Place == placeAbsent && p.Over && !d.tgt.over.Is():
		// It came, and ended here before the source reported it gone.
		d.tgt.came = true
		tg.sourceOver(d, Refusal{CodeEnded, "the guest came, and has ended here since"})
	case d.state == Checking && p.Place == placeAbsent:
	case p.Over:
		tg.sourceOver(d, Refusal{CodeOver, "the source says that the move is over"})
	case d.state == Armed && tg.unvisited(d):
		tg.ledger.end(d, Expired, unvisited)
	case d.state == Armed:
		// The guest may still come, soon.
		d.expires = tg.after(tg.config.ArmedTTL)
		d.next = d.expires
	}
}

// cancelled handles the source's message that the guest will not come.
func (tg *targets) cancelled(from HostID, p payload) {
	d := tg.book.deals[p.Deal]
	if d != nil && d.side == TargetSide && d.source == from {
		if p.Shown && d.state == Offered {
			tg.ledger.end(d, Withdrawn, said(p))
			tg.recommended.comes(d)
			return
		}
		tg.sourceOver(d, said(p))
	}
	if d == nil {
		tg.recommended.takenBack(from, p.Deal)
	}
}

// sourceOver frees a reservation by what is seen here, not by what the source says: an
// admitted guest is looked for first.
func (tg *targets) sourceOver(d *deal, reason Refusal) {
	if reason.Detail == "" {
		reason = Refusal{CodeGivenUp, "the source has withdrawn the deal"}
	}
	if !d.tgt.admitted && d.state != Checking {
		tg.ledger.end(d, Aborted, reason)
		return
	}
	if !d.tgt.over.Is() {
		d.tgt.over, d.lookFrom = reason, tg.load.looks
	}
	tg.emit(Observe{})
}

// overHere ends a deal that is over at the source, after a fresh look here.
func (tg *targets) overHere(d *deal, here place) {
	switch {
	case here == placeAbsent && d.tgt.came:
		tg.ledger.end(d, Done, d.tgt.over)
	case here == placeAbsent:
		tg.ledger.end(d, Aborted, d.tgt.over)
	case here == placeRunning && tg.ledger.there(d) == placeRunning:
		// Both ends show it: look again until the time is over (tendTarget).
		d.tgt.over = Refusal{}
	case here == placeRunning:
		tg.ledger.end(d, Done, Refusal{})
	default:
		d.tgt.over = Refusal{} // it is in transit or paused: ask again
	}
}
