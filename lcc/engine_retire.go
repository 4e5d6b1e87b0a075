package lcc

import "fmt"

// This file retires a model: what runs continues to its end, and nothing new begins. A
// message for an auxiliary role, which is only entered from other roles, begins nothing
// even when its sender is a new partner: it answers a question that was forwarded.

// retiredReason is the detail with which a message that would begin something is
// bounced.
func retiredReason(role string) string {
	return fmt.Sprintf("this host is leaving the model: nothing new begins, also not in the role %s", role)
}

// Resting reports whether no agent is in the middle of a negotiation, so that all of
// them can be stopped without a partner noticing. An agent is in the middle of a
// negotiation while one of its actions is in flight, while it waits for a message of a
// partner that it knows, and, in an auxiliary role, while any message could let it
// continue.
func (e *Engine) Resting() bool {
	for a := range e.agents.running {
		for _, t := range a.threads {
			if !t.rests(e.model) {
				return false
			}
		}
	}
	return true
}

// rests reports whether a thread is not in the middle of a negotiation.
func (t *thread) rests(m *Model) bool {
	if t.pending != nil {
		return false
	}
	found := true
	for s := t.scope; s != nil; s = s.outer {
		found = found && m.Found(s.role)
	}
	rests := true
	t.node.first(func(n *node) {
		switch n.kind {
		case nodeReceive:
			rests = rests && found && !hasValue(n.role.id, t.frame)
		case nodeSend:
			rests = rests && found
		}
	})
	return rests
}

// hasValue reports whether the template of a partner's id is bound.
func hasValue(id Term, f *frame) bool {
	s, ok := id.(slot)
	if !ok {
		return true
	}
	if f.vars[s] == nil {
		return false
	}
	_, unbound := deref(f.vars[s]).(*Var)
	return !unbound
}
