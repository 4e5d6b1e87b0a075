package lcc

import (
	"cmp"
	"slices"
)

// This file selects the agents that look again after a change outside.

// failedName is the name under which agents that asked failed(...) wait.
const failedName = "failed"

// waiters indexes agents by the predicates whose answers they used. A text has few
// predicates.
type waiters map[string]map[*agent]struct{}

// index records which predicates an agent's last look used.
func (w waiters) index(a *agent) {
	a.table.waits(a.uses.names)
	if slices.Equal(a.uses.names, a.uses.indexed) {
		return
	}
	for _, name := range a.uses.indexed {
		delete(w[name], a)
	}
	for _, name := range a.uses.names {
		if w[name] == nil {
			w[name] = map[*agent]struct{}{}
		}
		w[name][a] = struct{}{}
	}
	a.uses.indexed = append(a.uses.indexed[:0], a.uses.names...)
}

// of returns the agents that wait for one of the names, by id.
func (w waiters) of(names []string) (agents []*agent) {
	for _, name := range names {
		for a := range w[name] {
			agents = append(agents, a)
		}
	}
	slices.SortFunc(agents, func(a, b *agent) int { return cmp.Compare(a.id, b.id) })
	return agents
}

// Waits reports whether a Changed event with the name would make an agent look again.
// If not, the driver need not send the event.
func (e *Engine) Waits(name string) bool { return len(e.waiting[name]) > 0 }

// changed makes the agents that wait for one of the names look again.
func (e *Engine) changed(names []string) {
	if len(names) == 0 {
		for a := range e.agents.running {
			a.table.tell()
			e.touch(a, true)
		}
		return
	}
	for _, a := range e.waiting.of(names) {
		same := e.wouldLookTheSame(a, names)
		a.table.tell(names...)
		if !same || a.table.changed(e.around) {
			e.touch(a, true)
		}
	}
}

// wouldLookTheSame reports whether another look of an agent at the names would find what its
// last look found, and do no more, unless the table notices another answer.
func (e *Engine) wouldLookTheSame(a *agent, names []string) bool {
	if a.dirty || a.uses.direct || a.wake != 0 && a.wake <= e.around.now || !a.table.knowsNeeds() {
		return false
	}
	for _, t := range a.threads {
		if t.parked || len(t.refused) > 0 {
			return false
		}
	}
	for _, name := range names {
		if _, waits := slices.BinarySearch(a.uses.names, name); waits && !a.table.asks(name) {
			return false
		}
	}
	return true
}

// undelivered notifies the agent that sent a message. It ignores a message older than
// the agent's current conversation with that peer.
func (e *Engine) undelivered(ev Undelivered) {
	a := e.agents.byID[ev.Message.Agent]
	if a == nil || ev.Message.Peer != e.around.self {
		return
	}
	known, stale := false, true
	for _, l := range a.links {
		if l.peer == ev.To {
			known = true
			stale = stale && l.first > ev.Message.Seq
		}
	}
	if known && stale {
		return
	}
	a.fail(ev.To, ev.Reason.Code)
	a.table.tell(playerKey.name)
	e.conversations.drop(a, ev.To)
	e.touch(a, true)
}

// suspected notifies every agent that is in a conversation with the peer, and every one
// that asked failed(...) about it. When the suspicion ends, conversation partners are
// not notified: the conversation is broken all the same.
func (e *Engine) suspected(ev Suspected) {
	if ev.Suspected == e.around.suspects[ev.Peer] {
		return
	}
	if ev.Suspected {
		e.around.suspects[ev.Peer] = true
	} else {
		delete(e.around.suspects, ev.Peer)
	}
	for a := range e.agents.running {
		a.table.tell(playerKey.name) // before the Changed event that follows
		if ev.Suspected && e.conversations.drop(a, ev.Peer) {
			a.fail(ev.Peer, ReasonSuspected)
			e.touch(a, true)
		}
	}
	e.changed([]string{failedName})
}
