package lcc

// This file keeps one Step short and says who made an agent fail.

// turnRest is how long an engine rests when a Step has left work to the next one, so
// that a text which never comes to rest uses a part of the processor and not all.
const turnRest = Instant(4_000_000)

// actionEvery is how fast an agent earns back actions after Limits.ActionsAtOnce.
const actionEvery = Instant(100_000_000)

// Spent is how many reductions the engine has done since it was made.
func (e *Engine) Spent() uint64 { return e.meter.spent() }

// runTurn looks at the agents that something concerns. What is left when
// Limits.StepsPerTurn is used up waits for the next Step.
func (e *Engine) runTurn(began uint64) {
	done := 0
	for done < len(e.dirty) && e.meter.spent()-began < uint64(e.meter.limits.StepsPerTurn) {
		a := e.dirty[done]
		done++
		a.dirty = false
		if !a.over {
			e.run(a)
		}
	}
	left := copy(e.dirty, e.dirty[done:])
	clear(e.dirty[left:])
	e.dirty = e.dirty[:left]
}

// wakeAt is when the engine wants to be stepped at the latest; 0: never.
func (e *Engine) wakeAt() Instant {
	at := e.alarms.earliest()
	if rested := e.around.now + turnRest; len(e.dirty) > 0 && (at == 0 || rested < at) {
		at = rested
	}
	return at
}

// acts counts an action of an agent. One that acts in a circle, as with a note that
// enables the next one, passes the limit and fails.
func (a *agent) acts(now Instant, most int) {
	until := max(a.acting, now) + actionEvery
	if until > now+Instant(most)*actionEvery {
		throw(ReasonLimit, "more than %d actions in a row: does a role act in a circle?", most)
	}
	a.acting = until
}

// provoked is the peer whose message made an agent fail; "" where it was none.
func (a *agent) provoked(code ReasonCode) PeerID {
	switch code {
	case ReasonLimit, ReasonType, ReasonUnbound:
		return a.cause
	}
	return ""
}

// causedBy notes whose message an agent works on, and returns whose it was before.
func (a *agent) causedBy(from, self PeerID) (before PeerID) {
	before = a.cause
	if from != self {
		a.cause = from
	}
	return before
}
