package hostagent

import (
	"parley/lcc"
)

// This file is the source's part of a deal after the migration has ended or become
// unclear, until it is seen where the guest is.

// moveReturned handles the end of a migration as the platform reports it, and looks.
func (s *sources) moveReturned(ev Moved) {
	d := s.book.deals[ev.Deal]
	if d == nil || d.side != SourceSide || d.state != Moving || !d.durable {
		return
	}
	d.src.moved, d.src.moveErr, d.src.notLetIn, d.src.migrated = true, ev.why(), ev.NotLetIn, ev.Migrated
	if d.src.hurried && ev.Err != "" {
		d.src.moveErr = hurried
	}
	s.load.learn(ev.Migrated)
	s.check(d, d.src.moveErr)
}

// check starts looking where the guest is, here and at the target.
func (s *sources) check(d *deal, reason Refusal) {
	d.word.forget(s.now)
	d.lookFrom, d.src.gone = s.load.looks, 0
	d.expires = s.after(s.config.SettleMax)
	s.ledger.announce(d, Checking, reason)
	s.askTarget(d)
}

func (s *sources) askTarget(d *deal) {
	s.ledger.later(d, s.config.RetryEvery)
	s.ledger.askWhere(d)
	s.emit(Observe{})
}

// targetSays records where the target shows the guest, and requests a look here before
// anything is concluded.
func (s *sources) targetSays(d *deal, p payload) {
	if p.Place == placeUnknown || d.state != Checking {
		return
	}
	d.word.hear(p)
	s.emit(Observe{})
}

// sourceLooked draws conclusions from the looks of both ends. A look in progress cannot
// show too early that the guest is gone from here or runs at the target; that it runs
// here and not there may be outdated.
func (s *sources) sourceLooked(d *deal) {
	here, there := s.load.place(d), d.word.place
	s.missed(d, here)
	switch {
	case d.state == Intended && d.src.orphan && s.load.looksSince(d.lookFrom) && s.load.sees(d.kind()):
		// A deal of an earlier run (recover.go).
		s.abandon(d, d.reason)
	case d.state == Intended && d.src.orphan:
		s.emit(Observe{})
	case d.state != Checking:
	case here == placeAbsent && there == placeRunning:
		s.done(d)
	case here == placeAbsent && there == placeAbsent && d.word.came:
		// The target's end was done while its message could not reach this end.
		s.wire.send(d.target, payload{Kind: kindHere, Deal: d.id, Place: placeAbsent, Over: true})
		s.ledger.end(d, Done, movedOn)
	case s.nowhere(d, here):
		s.vanished(d)
	case here != placeRunning || there != placeAbsent:
		// The guest is at both ends, at neither, or in transit: look again
		// (tendSource).
	case !s.load.looksSince(d.lookFrom):
		s.emit(Observe{})
	case s.load.leaves(d.guest) && !d.src.orphan:
		// An abort came too late, or has not taken effect yet (tendSource).
	case d.src.orphan:
		// The migration may still be in flight although no caller waits: a migration
		// between two daemons outlives the agent that requested it.
		d.src.orphan = false
		s.stopMove(d)
	default:
		reason := d.src.moveErr
		if !reason.Is() {
			reason = Refusal{CodeMoveFailed, "the platform reported that it had moved, but it runs here and not there"}
		}
		s.wire.send(d.target, cancelOf(d.id, reason))
		s.ledger.end(d, Aborted, reason)
	}
}

// movedOn is the reason of a deal that is done and whose guest is at neither end.
var movedOn = Refusal{CodeElsewhere, "the guest came to the target, and has left it since"}

// missed records since when the guest of a deal is not seen here.
func (s *sources) missed(d *deal, here place) {
	switch {
	case here == placeUnknown:
	case here != placeAbsent:
		d.src.gone = 0
	case d.src.gone == 0:
		d.src.gone = s.now
	}
}

// nowhere says whether a guest has ended: no platform shows it, and the target was
// asked some time after the guest was gone here. A guest that has moved is shown at the
// target before it is gone here.
func (s *sources) nowhere(d *deal, here place) bool {
	return here == placeAbsent && d.src.gone != 0 && d.word.place == placeAbsent &&
		d.word.about-d.src.gone >= 2*lcc.Instant(s.config.RetryEvery)
}

// vanished ends a deal whose guest was ended by its owner, or crashed: no host is at
// fault, and nothing is left to check.
func (s *sources) vanished(d *deal) {
	d.src.moveErr, d.src.notLetIn = Refusal{}, false
	reason := refusal(CodeEnded, "the guest has ended: it runs neither here nor at host %s", d.target)
	s.wire.send(d.target, cancelOf(d.id, reason))
	s.ledger.end(d, Aborted, reason)
}

// done ends a deal whose guest was seen at the target and is gone here, and tells the
// target, which waits for that.
func (s *sources) done(d *deal) {
	s.wire.send(d.target, payload{Kind: kindHere, Deal: d.id, Place: placeAbsent, Over: true})
	s.ledger.end(d, Done, Refusal{})
}

// stopMove asks the platform to stop a migration, and looks again.
func (s *sources) stopMove(d *deal) {
	d.src.stopped, d.lookFrom = true, s.load.looks
	d.word.forget(s.now)
	s.emit(AbortMove{Deal: d.id, Guest: d.guest})
	s.askTarget(d)
}

// tendSource handles a deal whose time has come.
func (s *sources) tendSource(d *deal) {
	switch {
	case d.state == Asking && s.now >= d.expires:
		d.src.declined = true
		s.ledger.end(d, Refused, Refusal{CodeSilent, "the target does not answer"})
	case d.state == Asking:
		s.sayPropose(d)
	case d.state == Intended && s.now < d.expires:
		s.sayCommit(d)
	case d.state == Intended:
		d.src.declined = true
		s.abandon(d, Refusal{CodeSilent, "the target does not answer"})
	case d.state == Moving && s.now < d.expires:
		s.hurry(d)
	case d.state == Moving:
		d.src.moved, d.src.moveErr = true, Refusal{CodeMoveFailed, "the platform did not report the end of the move in time"}
		s.check(d, d.src.moveErr)
		s.stopMove(d)
	case s.now < d.expires && !d.src.stopped && s.load.place(d) == placeRunning && d.expires-s.now < s.patience(d):
		// The guest is here and the migration makes no progress, or both ends show it.
		s.stopMove(d)
	case s.now < d.expires:
		s.askTarget(d)
	default:
		s.unclear(d)
	}
}

// patience returns how much of the time for looking is left when a migration that no
// caller waits for is stopped: half of it. A migration of an earlier run of the agent
// has its own time in addition (recover.go) and is stopped when that is over.
func (s *sources) patience(d *deal) lcc.Instant {
	if d.src.orphan {
		return lcc.Instant(s.config.SettleMax)
	}
	return lcc.Instant(s.config.SettleMax / 2)
}

// stopsMax is how often the platform is asked to stop a migration that continues.
const stopsMax = 3

// unclear ends a deal that no look has settled.
func (s *sources) unclear(d *deal) {
	here, there := s.load.place(d), d.word.place
	switch {
	case here == placeUnknown:
		// Nothing can be concluded: wait for the platform.
		d.expires = s.after(s.config.SettleMax)
		s.askTarget(d)
	case here == placeAbsent && there == placeRunning:
		s.done(d)
	case s.load.leaves(d.guest) && d.src.stops < stopsMax:
		d.src.stops++
		d.expires = s.after(s.config.SettleMax)
		s.stopMove(d)
	case s.load.leaves(d.guest):
		s.ledger.end(d, Stuck, Refusal{CodeUnclear, "the migration continues and cannot be stopped: look at it" + byVirsh(d.kind(),
			" (virsh domjobinfo), and abort it (virsh domjobabort)", " at both hosts")})
	case here == placeRunning && d.word.ran && s.ledger.there(d) == placeUnknown:
		s.ledger.end(d, Stuck, refusal(CodeUnclear, "the guest runs here; host %s has shown it as well, and has been silent since: look "+
			"whether it runs there", d.target))
	case here == placeRunning && there == placeRunning:
		s.ledger.end(d, Stuck, Refusal{CodeUnclear, "both hosts show the guest running: look at both and stop the copy that is wrong"})
	case here == placeRunning && there == placeUnknown:
		s.ledger.end(d, Aborted, Refusal{CodeSilent, "the guest runs here; the target is silent"})
	case there == placeUnknown:
		s.ledger.end(d, Stuck, refusal(CodeUnclear, "the guest does not run here and host %s is silent: look for it there", d.target))
	default:
		s.ledger.end(d, Stuck, refusal(CodeUnclear, "the guest is %s here and %s at host %s: look at both", here, there, d.target))
	}
}
