package lcc

import "fmt"

// This file is how a text is left for another: what runs comes to its end, and
// nothing of it begins. A message for a role that is only entered from others
// (auxiliary) begins nothing, also from a partner that is new: it is the answer
// to a question that was handed on.

// retiredReason is why a message that would begin something goes back.
func retiredReason(role string) string {
	return fmt.Sprintf("this host is leaving the model: nothing new begins, also not in the role %s", role)
}

// Resting says whether no agent is in the middle of a negotiation, so that all
// of them may be stopped without a partner noticing. An agent is in the middle of
// one while an action of it is under way; while it waits for a word of a partner
// that it knows; and in a role that is entered from others only (auxiliary) while
// it could go on by a message at all.
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

// rests says whether a thread is in the middle of nothing.
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

// hasValue says whether the template of a partner's id has a value.
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
