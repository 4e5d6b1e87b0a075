package lcc

import (
	"fmt"
	"slices"

	"parley/lcc/check"
)

// This file finds an agent that asks its partners again without a pause when what it asks them
// for fails: a migration, say, that the platform refuses each time. Each round has messages of
// others and an action, so no agent is ended for it, but both hosts are busy for as long as the
// action fails. The search is over one agent, from the branch that is taken after the failure to
// the action again, and takes only events that wait for nothing but an answer to what was asked.
// Who is asked has the same choice as before: only time, memory or a count can end such a round.

// retryPlaces bounds the places looked at on the way back to one action.
const retryPlaces = 2000

// retry is the search for a way from a failed action back to it.
type retry struct {
	x      *explorer
	owners map[*node]*clause
	seen   map[string]bool
	queue  []*attemptStep
}

// attemptStep is where the agent is, whom it has asked, and how it came there.
type attemptStep struct {
	n      *node
	asked  []slot // variables of the clause of n that name partners whom the agent asked
	event  *node  // that led here; nil: none
	talked bool   // a partner has answered on the way
	before *attemptStep
}

// retries reports the actions that are asked for again without a pause once they fail.
func retries(x *explorer) {
	owners := map[*node]*clause{}
	for _, c := range x.clausesInOrder() {
		c.body.walk(map[*node]bool{}, func(n *node) { owners[n] = c })
	}
	for _, c := range x.clausesInOrder() {
		c.body.walk(map[*node]bool{}, func(or *node) {
			if or.kind != nodeOr {
				return
			}
			for _, act := range or.branches {
				if act.kind == nodeReceive || act.kind == nodeSend || act.action() == nil {
					continue
				}
				for _, other := range or.branches {
					if other == act || other.kind == nodeReceive || other.action() != nil {
						continue
					}
					r := retry{x: x, owners: owners, seen: map[string]bool{}}
					if round := r.find(other, act); round != nil {
						r.report(round, act)
						break
					}
				}
			}
		})
	}
}

// find returns the events of a way from one branch of a choice to an action in another, or nil.
func (r *retry) find(from, act *node) []*node {
	r.push(&attemptStep{n: from})
	for i := 0; i < len(r.queue) && i < retryPlaces; i++ {
		s := r.queue[i]
		if s.n == act {
			if round := s.events(); s.talked && compatible(round) {
				return round
			}
			continue
		}
		r.follow(s)
	}
	return nil
}

func (s *attemptStep) events() (list []*node) {
	for ; s != nil; s = s.before {
		if s.event != nil {
			list = append(list, s.event)
		}
	}
	slices.Reverse(list)
	return list
}

func (r *retry) push(s *attemptStep) {
	if s.n == nil {
		return // what follows a role that ends is not followed
	}
	k := fmt.Sprintf("%p %v %t", s.n, s.asked, s.talked)
	if !r.seen[k] {
		r.seen[k] = true
		r.queue = append(r.queue, s)
	}
}

// follow continues with the events that can happen without a pause.
func (r *retry) follow(s *attemptStep) {
	n := s.n
	if n.kind == nodeOr {
		for _, b := range n.branches {
			r.push(&attemptStep{n: b, asked: s.asked, talked: s.talked, before: s})
			if b.guard == nil && (b.kind == nodeNull || b.kind == nodeSend) {
				return // it can always happen, so those after it never do
			}
		}
		return
	}
	if n.kind == nodePar || r.pauses(n) {
		return
	}
	to := &attemptStep{n: n.after, asked: s.asked, event: n, talked: s.talked, before: s}
	partner, named := n.role.id.(slot)
	switch n.kind {
	case nodeSend:
		if named && r.begins(n, partner) && !slices.Contains(to.asked, partner) {
			to.asked = append(slices.Clip(to.asked), partner)
			slices.Sort(to.asked)
		}
	case nodeReceive:
		if !named || !slices.Contains(s.asked, partner) {
			return // it waits for somebody
		}
		to.talked = true
	case nodeEnter:
		if to = r.enter(to, n); to == nil {
			return
		}
	case nodeEffect:
		return
	}
	r.push(to)
}

// begins reports whether the agent itself begins to talk with a partner: it is not one of whom the
// clause was told, and none who has asked before.
func (r *retry) begins(send *node, partner slot) bool {
	c := r.owners[send]
	if slices.Contains(argSlots(c), partner) {
		return false
	}
	heard := false
	c.body.walk(map[*node]bool{}, func(n *node) {
		from, named := n.role.id.(slot)
		heard = heard || n.kind == nodeReceive && named && from == partner && n.pos.Offset < send.pos.Offset
	})
	return !heard
}

// enter continues in the role that an event changes into, if its arguments are handed on as they
// are: others may count the rounds.
func (r *retry) enter(s *attemptStep, n *node) *attemptStep {
	c := n.role.clause
	if c == nil || n.after != nil || !plain(c.args) {
		return nil
	}
	_, args, _ := templateName(n.role.term)
	var asked []slot
	for i := range min(len(args), len(c.args)) {
		if _, whole := args[i].(*pattern); whole {
			return nil
		}
		if from, ok := args[i].(slot); ok && slices.Contains(s.asked, from) {
			asked = append(asked, c.args[i].(slot))
		}
	}
	slices.Sort(asked)
	s.n, s.asked = c.body, slices.Compact(asked)
	return s
}

// pauses reports whether an event may take time, or happen on one round and not on the next: its
// constraint asks for time, a failure or an action, changes the memory, or calculates with an
// argument of the role, which may count the rounds.
func (r *retry) pauses(n *node) bool {
	return n.guard != nil && n.guard.ends(mentions(n.guard, argSlots(r.owners[n])), map[key]bool{})
}

// ends reports whether a constraint may end a round of events; counts says that a calculation
// does.
func (n *cnode) ends(counts bool, seen map[key]bool) bool {
	switch {
	case n == nil:
		return false
	case counts && n.kind == consCompare && n.op == "is", n.acts, n.key == key{"noted", 3}:
		return true
	case n.kind == consCall && n.builtin != nil && slices.Contains([]string{"timeout", failedName, "k", "retract"}, n.key.name):
		return true
	}
	if slices.ContainsFunc(n.parts, func(p *cnode) bool { return p.ends(counts, seen) }) {
		return true
	}
	if n.kind != consCall || !n.defined || seen[n.key] {
		return false
	}
	seen[n.key] = true
	return slices.ContainsFunc(n.rules, func(r *rule) bool { return r.body.ends(counts, seen) })
}

// report reports a round that begins with the failure of an action.
func (r *retry) report(round []*node, act *node) {
	action := act.action()
	what := fmt.Sprintf("%s/%d", action.key.name, action.key.arity)
	trace := fmt.Sprintf("1. %s: %s fails", r.owners[act].role, what)
	steps := 1
	for _, n := range round {
		text := r.x.texts[n.pos.Offset]
		if n.kind != nodeSend && n.kind != nodeReceive && n.guard == nil || text == "" {
			continue
		}
		steps++
		switch who := r.owners[n].role; n.kind {
		case nodeSend:
			text = who + " => " + n.role.name + ": " + text
		case nodeReceive:
			text = who + " <= " + n.role.name + ": " + text
		default:
			text = who + ": " + text
		}
		trace += fmt.Sprintf("\n%d. %s", steps, text)
	}
	r.x.list = append(r.x.list, check.Diagnostic{
		Code: check.CodeEndless, Severity: check.Warning, Pos: act.pos, Trace: trace + "\nand again from 1",
		Message: fmt.Sprintf("role %s asks again without a pause, again and again, as long as %s fails", r.owners[act].role, what),
		Hint:    "wait after the failure: null <- timeout(5)",
	})
}
