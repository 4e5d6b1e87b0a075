package lcc

import (
	"fmt"
	"slices"
)

// This file lets actions and partners fail. An action that fails is not requested again until
// something has changed, so its agent takes another branch, or stays where it is. That it
// stays is LCC029's to say; here it is asked who waits for it.

// mayStop reports the agents that wait for ever in a state whose moves, if any, need actions,
// and all of these fail.
func (x *explorer) mayStop(w *scene, next []*scene) {
	for _, n := range next {
		if n.by.action() == nil {
			return
		}
	}
	if x.several.settled(x, w) {
		x.stuck(w, next)
	}
}

// action returns an action without which an event does not happen, or nil. The effect of a
// message is none of them: an agent that cannot achieve it fails.
func (h *hop) action() (found *cnode) {
	if h.node.kind == nodeEffect {
		return nil
	}
	for _, n := range append([]*node{h.node}, h.entered...) {
		if a := n.action(); a != nil {
			return a
		}
	}
	return nil
}

// action returns an action of a constraint that may fail, or nil.
func (n *node) action() (found *cnode) {
	if n.guard == nil {
		return nil
	}
	n.guard.contains(func(c *cnode) bool {
		if c.kind == consCall && c.mayFail {
			found = c
		}
		return found != nil
	})
	return found
}

// failure tells that the action on the way from a scene to the next one fails.
func (w *scene) failure(x *explorer, from *scene) string {
	roles := from.agents[w.by.agent].threads[w.by.thread].roles
	action := w.by.action()
	return fmt.Sprintf("%s: %s/%d fails", x.several.name(w.by.agent, roles[len(roles)-1]), action.key.name, action.key.arity)
}

// actsOnly reports whether a thread waits for actions alone.
func (x *explorer) actsOnly(f *figure, t *walker) bool {
	events, open := x.look(t.at, t.frame, t.next, t.roles, f, 0, nil)
	return !open && len(events) > 0 && !slices.ContainsFunc(events, func(h happening) bool {
		return (&hop{node: h.n, entered: h.entered}).action() == nil
	})
}

// may reports whether a constraint may hold: failed(P) only once a message to P came back, or P
// failed.
func (f *figure) may(guard *cnode, frame *knows) bool {
	if guard == nil {
		return true
	}
	switch guard.kind {
	case consAnd:
		for _, p := range guard.parts {
			if !f.may(p, frame) {
				return false
			}
		}
	case consOr:
		for _, p := range guard.parts {
			if f.may(p, frame) {
				return true
			}
		}
		return len(guard.parts) == 0
	case consCall:
		if guard.builtin == nil || guard.key.name != failedName {
			return true
		}
		if who := frame.whom(guard.args[0]); isSeat(who) {
			return f.failed.has(int(who - seat(0)))
		}
		return f.failed != 0
	}
	return true
}
