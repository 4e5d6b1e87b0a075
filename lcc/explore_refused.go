package lcc

import (
	"fmt"
	"maps"
	"slices"

	"parley/lcc/check"
)

// This file finds a message that is sent again and again without a pause because it comes
// back: nobody plays its role at the partner at that moment, and what follows failed(P)
// leads to the same send. No agent is ended for it, since each bounce is waited for, so it
// loads both hosts for as long as the partner is in another role. The search is over one
// agent and small: it finds these rounds in texts that are too large to be explored.
// Like the search for exchanges it follows only events that certainly happen again.

// refusedPlaces bounds the places looked at on the way back to one send.
const refusedPlaces = 2000

// place is where an agent is on the way from a send that came back.
type place struct {
	n      *node
	who    int // the slot that names the partner, in the clause of n; -1 for none
	failed bool
	next   *callers // entered roles that will end
	popped *node    // the change of role after which it continues, when the role of the send has ended
}

// callers are the changes of role after which an agent continues.
type callers struct {
	enter *node
	who   int
	next  *callers
	depth int
}

// stride is a place with what happened on the way to it.
type stride struct {
	place
	before *stride
	event  *node // nil: a step without an event
}

// refused reports the sends that are repeated as they come back.
func (x *explorer) refused() {
	owners, sites := map[*node]*clause{}, map[*clause][]*node{}
	var sends []*node
	for _, r := range x.model.roles {
		c := x.model.clauses[key{r.Name, r.Arity}]
		c.body.walk(map[*node]bool{}, func(n *node) {
			owners[n] = c
			switch {
			case n.kind == nodeSend && !n.role.any:
				sends = append(sends, n)
			case n.kind == nodeEnter && n.role.clause != nil:
				sites[n.role.clause] = append(sites[n.role.clause], n)
			}
		})
	}
	for _, send := range sends {
		if !x.absent(send.role.name, owners, sites) {
			continue
		}
		r := refusal{send: send, owners: owners, sites: sites, seen: map[string]bool{}}
		if round := r.find(); round != nil {
			x.repeated(round, owners)
		}
	}
}

// absent reports whether a peer may play a role at one time and not at another: agents
// change into it, or out of it.
func (x *explorer) absent(role string, owners map[*node]*clause, sites map[*clause][]*node) bool {
	for c, list := range sites {
		for _, n := range list {
			if from := owners[n]; from != c && (c.role == role || from.role == role) {
				return true
			}
		}
	}
	return false
}

// refusal is the search for a round that begins with one send.
type refusal struct {
	send   *node
	owners map[*node]*clause
	sites  map[*clause][]*node
	seen   map[string]bool
	queue  []*stride
}

// find returns the events of a shortest round, without the send, or nil.
func (r *refusal) find() []*node {
	partner, named := r.send.role.id.(slot)
	if !named || !r.steady(r.send) {
		return nil
	}
	given := slices.Contains(argSlots(r.owners[r.send]), partner) // so the round must bring the same one back
	first := &stride{place: place{n: r.send.after, who: int(partner)}, event: r.send}
	if first.n == nil {
		r.leave(first)
	} else {
		r.push(first)
	}
	for i := 0; i < len(r.queue) && i < refusedPlaces; i++ {
		s := r.queue[i]
		if s.n == r.send {
			if s.failed && s.home() && (!given || s.who == int(partner)) {
				if round := s.events(); compatible(round) {
					return round
				}
			}
			continue
		}
		r.follow(s)
	}
	return nil
}

// home reports whether the round ends in the roles in which it began.
func (s *stride) home() bool {
	if s.popped == nil {
		return s.next == nil
	}
	return s.next != nil && s.next.next == nil && s.next.enter == s.popped
}

// events returns what happens on the way to a place.
func (s *stride) events() (list []*node) {
	for ; s != nil; s = s.before {
		if s.event != nil {
			list = append(list, s.event)
		}
	}
	slices.Reverse(list)
	return list
}

func (r *refusal) push(s *stride) {
	k := fmt.Sprintf("%p %d %t %p", s.n, s.who, s.failed, s.popped)
	for c := s.next; c != nil; c = c.next {
		k += fmt.Sprintf(" %p %d", c.enter, c.who)
	}
	if !r.seen[k] {
		r.seen[k] = true
		r.queue = append(r.queue, s)
	}
}

// follow continues with the events that can happen at a place without a pause.
func (r *refusal) follow(s *stride) {
	n := s.n
	switch n.kind {
	case nodeOr:
		for _, b := range n.branches {
			r.push(&stride{place: place{b, s.who, s.failed, s.next, s.popped}, before: s})
			if b.guard == nil && (b.kind == nodeNull || b.kind == nodeSend) {
				return // it can always happen, so those after it never do
			}
		}
		return
	case nodeNull, nodeEnter:
		failed, ok := r.passes(n, s.who)
		if !ok {
			return
		}
		to := &stride{place: s.place, before: s, event: n}
		to.failed = s.failed || failed
		if n.kind == nodeNull {
			r.after(to)
		} else {
			r.enter(to)
		}
	case nodeSend:
		// A send to another peer may wait for one.
		if id, ok := n.role.id.(slot); ok && int(id) == s.who && r.steady(n) {
			r.after(&stride{place: s.place, before: s, event: n})
		}
	}
}

// after continues behind an event of the same clause.
func (r *refusal) after(s *stride) {
	if s.n.after == nil {
		r.leave(s)
		return
	}
	s.n = s.n.after
	r.push(s)
}

// enter continues in the role that an event changes into.
func (r *refusal) enter(s *stride) {
	n := s.n
	c := n.role.clause
	if c == nil || !plain(c.args) {
		return
	}
	if n.after != nil {
		depth := 1
		if s.next != nil {
			depth += s.next.depth
		}
		if depth > exploreDepth {
			return
		}
		s.next = &callers{n, s.who, s.next, depth}
	}
	_, args, _ := templateName(n.role.term)
	if r.grows(n, args) {
		return
	}
	inner := -1
	for i := range min(len(args), len(c.args)) {
		if from, ok := args[i].(slot); ok && int(from) == s.who {
			inner = int(c.args[i].(slot))
		}
	}
	s.n, s.who = c.body, inner
	r.push(s)
}

// grows reports whether a role is entered with a term around an argument of the role before,
// such as s(N) after N: it may count the rounds.
func (r *refusal) grows(n *node, args []Term) bool {
	before := argSlots(r.owners[n])
	return slices.ContainsFunc(args, func(t Term) bool {
		p, ok := t.(*pattern)
		return ok && slices.ContainsFunc(appendSlots(nil, p), func(s slot) bool { return slices.Contains(before, s) })
	})
}

// leave continues behind the change of role that led into a clause which has ended.
func (r *refusal) leave(s *stride) {
	if s.next != nil {
		s.n, s.who, s.next = s.next.enter.after, s.next.who, s.next.next
		r.push(s)
		return
	}
	if s.popped != nil {
		return
	}
	c := r.owners[s.event]
	for _, n := range r.sites[c] {
		if n.after == nil {
			continue
		}
		outer := -1
		_, args, _ := templateName(n.role.term)
		for i := range min(len(args), len(c.args)) {
			inner, ok := c.args[i].(slot)
			if to, named := args[i].(slot); ok && named && int(inner) == s.who {
				outer = int(to)
			}
		}
		r.push(&stride{place: place{n.after, outer, s.failed, nil, n}, before: s})
	}
}

// steady reports whether the constraint of an event holds again on the next round. Those
// over arguments of the role may not: the arguments may count the rounds.
func (r *refusal) steady(n *node) bool {
	ok, _ := steadiness(n.guard, map[key]bool{})
	return ok && !mentions(n.guard, argSlots(r.owners[n]))
}

// passes reports whether an event follows at once when a message to the peer in a slot
// came back, and whether it asks for that.
func (r *refusal) passes(n *node, who int) (failed, ok bool) {
	parts := []*cnode{n.guard}
	if n.guard != nil && n.guard.kind == consAnd {
		parts = n.guard.parts
	}
	var rest []*cnode
	why := -1
	for _, p := range parts {
		if p == nil || p.kind != consCall || p.key.name != failedName || p.builtin == nil {
			rest = append(rest, p)
			continue
		}
		if id, named := p.args[0].(slot); !named || int(id) != who || who < 0 {
			return false, false
		}
		failed = true
		if p.key.arity == 2 {
			if s, named := p.args[1].(slot); named {
				why = int(s)
			} else if _, any := p.args[1].(void); !any && !comesBack(p.args[1]) {
				return false, false
			}
		}
	}
	args := argSlots(r.owners[n])
	for _, p := range rest {
		if p != nil && p.kind == consCompare && why >= 0 && p.about(why) {
			if p.op == "=" && !comesBack(p.args[1]) || p.op != "=" && p.op != "!=" {
				return false, false
			}
			continue
		}
		if steady, _ := steadiness(p, map[key]bool{}); !steady || mentions(p, args) {
			return false, false
		}
	}
	return failed, true
}

// about reports whether a comparison is one of a variable with a constant.
func (n *cnode) about(s int) bool {
	left, ok := n.args[0].(slot)
	_, atom := n.args[1].(Atom)
	return ok && int(left) == s && atom
}

// comesBack reports whether a reason of failed/2 is one that a peer gives at once.
func comesBack(reason Term) bool {
	a, ok := reason.(Atom)
	return ok && slices.Contains([]ReasonCode{ReasonNotPlaying, ReasonRefused, ReasonBusy}, ReasonCode(a))
}

// argSlots returns the variables in the arguments of a clause's role.
func argSlots(c *clause) (list []slot) {
	for _, t := range c.args {
		list = appendSlots(list, t)
	}
	return list
}

func appendSlots(list []slot, t Term) []slot {
	switch t := t.(type) {
	case slot:
		list = append(list, t)
	case *pattern:
		for _, arg := range t.args {
			list = appendSlots(list, arg)
		}
	}
	return list
}

// mentions reports whether a constraint has one of these variables.
func mentions(c *cnode, list []slot) bool {
	return c != nil && len(list) > 0 && c.contains(func(part *cnode) bool {
		return slices.ContainsFunc(part.args, func(t Term) bool {
			return slices.ContainsFunc(appendSlots(nil, t), func(s slot) bool { return slices.Contains(list, s) })
		})
	})
}

// compatible reports whether the answers that a round asks for do not exclude each other:
// events of one kind ask the same.
func compatible(round []*node) bool {
	asked := map[nodeKind]map[string]bool{}
	for _, n := range round {
		names := map[string]bool{}
		n.guard.questions(names, map[key]bool{})
		before := asked[n.kind]
		if len(names) == 0 {
			continue
		}
		if before != nil && !maps.Equal(before, names) {
			return false
		}
		asked[n.kind] = names
	}
	return true
}

// questions collects the names of what a constraint asks the host.
func (n *cnode) questions(names map[string]bool, seen map[key]bool) {
	if n == nil {
		return
	}
	for _, p := range n.parts {
		p.questions(names, seen)
	}
	switch {
	case n.kind != consCall || n.builtin != nil || seen[n.key]:
	case !n.defined:
		names[n.key.name] = true
	default:
		seen[n.key] = true
		for _, r := range n.rules {
			r.body.questions(names, seen)
		}
	}
}

// repeated reports a round.
func (x *explorer) repeated(round []*node, owners map[*node]*clause) {
	send := round[0]
	trace := fmt.Sprintf("1. %s => %s: %s (it comes back)", owners[send].role, send.role.name, x.texts[send.pos.Offset])
	steps := 1
	for _, n := range round[1:] {
		text := x.texts[n.pos.Offset]
		if n.kind != nodeSend && n.guard == nil || text == "" {
			continue
		}
		steps++
		trace += fmt.Sprintf("\n%d. %s: %s", steps, owners[n].role, text)
	}
	x.list = append(x.list, check.Diagnostic{
		Code: check.CodeEndless, Severity: check.Warning, Pos: send.pos, Trace: trace + "\nand again from 1",
		Message: "this message is sent again and again without a pause, as long as it comes back: its role may not be played there",
		Hint:    "wait after the failure: null <- failed(P) then null <- timeout(5)",
	})
	x.found[fmt.Sprint("endless ", x.id(send))] = true
}
