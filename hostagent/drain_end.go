package hostagent

import "time"

// This file ends a drain that does not empty its host: after failures in a row, or when
// its time is over. The guests that are left keep running here. The host stays closed to
// others, and nothing more leaves it until its operator drains it again.

// Draining returns the settings of a drain that begins now. A zero until sets no limit.
func (s Settings) Draining(force bool, until time.Time) Settings {
	s.Drained, s.Force, s.Until, s.Ended, s.Home = true, force, 0, "", false
	if !until.IsZero() {
		s.Until = until.Unix()
	}
	return s
}

// Undrained returns the settings without a drain.
func (s Settings) Undrained() Settings {
	s.Drained, s.Force, s.Until, s.Ended = false, false, 0, ""
	return s
}

// WhyEnded says why the drain has ended before the host was empty; the zero Refusal if it
// has not.
func (s Settings) WhyEnded() Refusal {
	switch {
	case !s.Drained || s.Ended == "":
		return Refusal{}
	case s.Ended == CodeExpired:
		return Refusal{CodeExpired, "the time of the drain is over: nothing more leaves"}
	}
	return Refusal{s.Ended, "too many migrations in a row have failed: nothing more leaves"}
}

// failed counts a migration of the drain that failed. A guest that another guest's turn
// stopped, that has ended, or that the target refused with a reason is no failure.
func (e *emptying) failed(d *deal) {
	if !d.src.hurried && !d.src.excused && !d.src.restarted && d.reason.Code != CodeEnded {
		e.failures++
	}
}

func (op *operator) drainFailed(d *deal) { op.emptying.failed(d) }

// whyEnd says why the drain ends now; "": it continues.
func (e *emptying) whyEnd(t *turn, s Settings) Code {
	switch most := t.config.DrainFailures; {
	case s.Until > 0 && t.wall.Unix() >= s.Until:
		return CodeExpired
	case most > 0 && e.failures >= most:
		return CodeMoveFailed
	}
	return ""
}

// endDrain journals the end of the drain, and then gives up what has not begun. While
// other settings are not durable yet it waits for them.
func (op *operator) endDrain(why Code) {
	if op.past.recollection.settling > 0 {
		return
	}
	s := op.permits.settings
	s.Ended = why
	op.ledger.writeSettings(s, func(err Refusal) {
		if err.Is() {
			return
		}
		op.permits.settings.Ended = why
		op.withdrawDrain(s.WhyEnded())
	})
}

// withdrawDrain gives up the drain's moves that have not begun.
func (op *operator) withdrawDrain(why Refusal) {
	for guest, e := range op.operatorMoves {
		if len(e.orders) == 0 && !e.home {
			delete(op.operatorMoves, guest)
		}
	}
	op.giveUp(why, (*deal).ofDrain)
}
