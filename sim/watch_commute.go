package sim

import "time"

// Commutes says whether a frame of the run could arrive so much later, and each host still
// meet its events in the same order as far as the frame itself decides it: its receiver
// meets nothing in this time but what the frame caused there, nor in the time after each of
// these events. What the receiver sends because of it is later as well: that is a turn of
// its own, if it goes to one host.
func (w *Watch) Commutes(turn int, late time.Duration) bool {
	t := w.Turns[turn]
	if t.met == none || t.met >= len(w.events) {
		return false
	}
	until := w.events[t.met].at + late
	caused, alone := w.caused(t.met, func(e watched, mine bool) bool {
		if mine && e.counts {
			until = max(until, e.at+late)
		}
		return mine || !e.counts || e.at > until
	})
	if !alone {
		return false
	}
	to := ""
	for _, other := range w.Turns[turn+1:] {
		if other.Kind == TurnReceipt || other.sent == none || !caused[other.sent] {
			continue
		}
		if to != "" && to != other.To || other.Kind == TurnMigration {
			return false
		}
		to = other.To
	}
	return true
}

// Answered says whether the receiver of the message of a turn sent a message, or its ledger
// something, or moved a guest, because of it.
func (w *Watch) Answered(turn int) bool {
	t := w.Turns[turn]
	if t.met == none || t.met >= len(w.events) {
		return false
	}
	caused, _ := w.caused(t.met, func(watched, bool) bool { return true })
	for _, other := range w.Turns[turn+1:] {
		if other.sent != none && caused[other.sent] && other.Kind != TurnReceipt && other.Kind != TurnAdvert {
			return true
		}
	}
	return false
}

// caused marks the events that an event caused on its host. It calls each with every later
// event of the host, and whether it is one of them, and ends early when each returns false.
func (w *Watch) caused(first int, each func(e watched, mine bool) bool) (caused []bool, all bool) {
	caused = make([]bool, len(w.events))
	caused[first] = true
	for i := first + 1; i < len(w.events); i++ {
		e := w.events[i]
		if e.host != w.events[first].host {
			continue
		}
		caused[i] = e.cause != none && caused[e.cause]
		if !each(e, caused[i]) {
			return caused, false
		}
	}
	return caused, true
}
