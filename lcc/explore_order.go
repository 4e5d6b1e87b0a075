package lcc

import "slices"

// This file says which messages may still be in flight. Messages between two agents keep their
// order, and an agent takes a message that it waits for as soon as it comes. So what was sent
// behind such a message comes when the agent has taken it, and perhaps left the role for it.

// inFlight reports whether a message to an agent is behind one of the same sender that the agent
// would have taken if it had come. upTo are the letters before it.
func (x *explorer) inFlight(f *figure, sender int, upTo []letter) bool {
	return slices.ContainsFunc(upTo, func(l letter) bool { return l.sender == sender && x.takesAtOnce(f, l) })
}

// takesAtOnce reports whether an agent that has a letter certainly continues.
func (x *explorer) takesAtOnce(f *figure, l letter) bool {
	for i := range f.threads {
		t := &f.threads[i]
		events, _ := x.look(t.at, t.frame, t.next, t.roles, f, 0, nil)
		for _, h := range events {
			whom := h.frame.whom(h.n.role.id)
			if h.n.kind == nodeReceive && h.fork == 0 && l.to == h.roles[len(h.roles)-1] && (whom == nobodyYet || whom == seat(l.sender)) &&
				l.fits(h.n) && h.certain() {
				return true
			}
		}
	}
	return false
}

// certain reports whether a receive takes each message of its name from its role.
func (h *happening) certain() bool {
	for _, n := range append([]*node{h.n}, h.entered...) {
		if n.guard != nil {
			return false
		}
	}
	return h.frame.clause.takesAny(h.n.message) && h.frame.clause.anyOf(h.n.role.args)
}

// anyOf reports whether terms of a clause fit any terms.
func (c *clause) anyOf(list []Term) bool {
	return !slices.ContainsFunc(list, func(t Term) bool {
		s, isVar := t.(slot)
		return !isVar || c.names[s] != ""
	})
}
