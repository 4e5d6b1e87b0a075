package lcc

import (
	"fmt"

	"parley/lcc/check"
	"parley/lcc/syntax"
)

// This file plays all roles of a text together, one agent each, where the text has more
// than two: a role may wait for ever because of a third one. Only waits are looked for.

// Bounds of the search over all roles.
const (
	togetherAgents = 6
	togetherStates = 6000
	mishapStates   = 3000 // where messages are lost and partners fail as well
	crowdStates    = 3000 // where several agents of a role are played
)

// together is the search over all roles.
type together struct{ x *explorer }

// play plays all roles, if one agent of each is what there would be. Where the text looks at
// failures it plays them again, with mishaps.
func (all together) play(work int) {
	roles, ok := all.roles()
	if !ok {
		if len(roles) > 2 {
			all.inPart("all roles together were not explored: there are too many, or several that send to one that is offered")
		}
		return
	}
	defer func() { crowds{all}.play(roles, work) }()
	if len(roles) > 2 {
		all.search(roles, work, togetherStates, "all roles together")
	}
	if all.asksFailed() {
		all.x.mishaps = true
		all.search(roles, work, mishapStates, "losses and failing partners")
		all.x.mishaps = false
	}
}

// search looks for waits in all that a cast does, up to the bounds.
func (all together) search(roles cast, work, states int, what string) {
	x := all.x
	x.left = work
	start := x.begun(roles)
	seen := map[string]bool{x.key(start): true}
	queue := []*scene{start}
	for at := 0; at < len(queue); at++ {
		if at >= states || x.left < 0 {
			all.inPart("%s were explored only in part: %d states", what, at)
			return
		}
		w := queue[at]
		next, open := all.only(w), false
		if len(next) == 0 {
			if next, open = x.moves(w); !open {
				x.mayStop(w, next)
			}
			next = append(next, x.failing(w)...)
		}
		for _, n := range next {
			if k := x.key(n); !seen[k] {
				seen[k] = true
				queue = append(queue, n)
			}
		}
	}
}

// roles returns the roles in which agents begin. It is false where there are too few or too many,
// or where several agents of a role would begin: a message of each who sends to a role that is
// offered begins another one.
func (all together) roles() (cast, bool) {
	begin, serve := all.x.parts()
	list := append(append(cast{}, begin...), serve...)
	if len(list) < 2 || len(list) > togetherAgents {
		return list, false
	}
	return list, all.oneSender(list)
}

// oneSender reports whether one agent at most sends to each role that is offered.
func (all together) oneSender(list cast) bool {
	for i, s := range list {
		senders := 0
		for k, c := range list {
			if k != i && !all.x.begins[s] && all.sendsTo(c, s.role) {
				senders++
			}
		}
		if senders > 1 {
			return false
		}
	}
	return true
}

// sendsTo reports whether an agent that begins in a clause sends to a role.
func (all together) sendsTo(home *clause, role string) (found bool) {
	x := all.x
	roles := x.rolesOf(home)
	for _, c := range x.clausesInOrder() {
		if roles[c.role] {
			c.body.walk(map[*node]bool{}, func(n *node) {
				found = found || n.kind == nodeSend && (n.role.name == role || n.role.name == "")
			})
		}
	}
	return found
}

// only returns the next state of an agent whose next event is one receive, if its message is
// there and its role continues. What the others do does not change this event, nor does it
// change what they do, so their events can wait: no state without a move is missed.
func (all together) only(w *scene) []*scene {
	x := all.x
	for i := range w.agents {
		f := &w.agents[i]
		if len(f.threads) != 1 {
			continue
		}
		t := &f.threads[0]
		n := t.at
		if n == nil || n.kind != nodeReceive || n.guard != nil || n.after == nil || n.after.kind == nodeEnter ||
			n.role.name == "" || t.frame.whom(n.role.id) != nobodyYet && !isSeat(t.frame.whom(n.role.id)) {
			continue
		}
		x.left--
		if next, _ := x.happen(w, i, 0, happening{n: n, frame: t.frame, next: t.next, roles: t.roles}); len(next) > 0 {
			return next
		}
	}
	return nil
}

// inPart says what was not explored.
func (all together) inPart(format string, args ...any) {
	all.x.list = append(all.x.list, check.Diagnostic{
		Code: check.CodeBounded, Severity: check.Info, Pos: syntax.Position{File: all.x.model.name, Line: 1, Column: 1},
		Message: fmt.Sprintf(format, args...),
	})
}
