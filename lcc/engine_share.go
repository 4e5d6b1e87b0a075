package lcc

// This file bounds the duration of a Step and attributes an agent's failure to a peer.

// turnRest is the pause in nanoseconds after a Step that left work for the next one, so
// that a text which loops for ever uses only a part of a processor.
const turnRest = Instant(4_000_000)

// actionEvery is the time in which an agent earns one action back, in nanoseconds.
const actionEvery = Instant(100_000_000)

// Spent returns the number of reductions since New.
func (e *Engine) Spent() uint64 { return e.meter.spent() }

// Work is what an engine did.
type Work struct {
	Looks uint64 // for an event that can happen
	Steps uint64 // reductions; Spent also counts those that a table saved
}

// Add returns the sum.
func (w Work) Add(other Work) Work { return Work{w.Looks + other.Looks, w.Steps + other.Steps} }

// Work returns what was done since New.
func (e *Engine) Work() Work { return e.meter.work() }

// runTurn runs the agents that something affects. When Limits.StepsPerTurn is used up,
// the others wait for the next Step.
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

// wakeAt returns the latest instant at which the engine wants its next Step; 0: never.
func (e *Engine) wakeAt() Instant {
	at := e.alarms.earliest()
	if rested := e.around.now + turnRest; len(e.dirty) > 0 && (at == 0 || rested < at) {
		at = rested
	}
	return at
}

// acts counts an action of an agent. An agent whose actions form a cycle, such as a
// note that enables the next one, passes the limit and fails.
func (a *agent) acts(now Instant, most int) {
	until := max(a.acting, now) + actionEvery
	if until > now+Instant(most)*actionEvery {
		throw(ReasonLimit, "more than %d actions in a row: does a role act in a circle?", most)
	}
	a.acting = until
}

// provoked returns the peer whose message made an agent fail; "" when none did.
func (a *agent) provoked(code ReasonCode) PeerID {
	switch code {
	case ReasonLimit, ReasonType, ReasonUnbound:
		return a.cause
	}
	return ""
}

// causedBy records the peer whose message an agent works on, and returns the previous
// one.
func (a *agent) causedBy(from, self PeerID) (before PeerID) {
	before = a.cause
	if from != self {
		a.cause = from
	}
	return before
}
