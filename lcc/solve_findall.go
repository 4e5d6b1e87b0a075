package lcc

import "parley/lcc/syntax"

// This file implements findall(Template, Goal, List): the instances of Template for
// each solution of Goal, in order. The goal is a constraint of the text, so the
// compiler lowers it; the solver enumerates its solutions behind a barrier, as under a
// not.

// collector collects the solutions of a findall in progress.
type collector struct {
	template Term
	list     Term
	found    []Term
	cells    int // size of found; backtracking does not give it back
}

func init() {
	define("findall", "?Template ?Goal -List", "List holds what Template is for each solution of Goal, a constraint, in their order; it is "+
		"empty where there is none. Nothing of Goal stays bound.", nil)
}

// findall lowers a call of findall. A goal that is a variable or an action cannot be
// enumerated; the checker refuses both.
func (c *compiler) findall(goal syntax.Cons, template, list Term) *cnode {
	n := c.cons(goal)
	n.gathered = true
	return &cnode{kind: consFindall, parts: []*cnode{n}, args: []Term{template, list}}
}

// gather starts a findall: it solves the goal behind the barrier and collects each
// solution.
func (s *solver) gather(c *cnode, g *goal) {
	into := &collector{template: s.m.term(c.args[0], g.f), list: s.m.term(c.args[1], g.f)}
	s.push(choice{next: g.next, barrier: true, into: into})
	note := s.slabs.goal(goal{c: collected, f: g.f, into: into})
	s.goal = s.slabs.goal(goal{c: c.parts[0], f: g.f, next: note})
}

var collected = &cnode{kind: consCollected}

// collect adds a solution.
func (s *solver) collect(into *collector) {
	before := s.m.cells
	found := s.m.seal(s.m.resolve(into.template))
	into.cells += s.m.cells - before + 2
	if into.cells > s.m.limits.CellsPerAgent {
		s.m.tooLarge()
	}
	if len(into.found) >= s.m.limits.ListItems {
		throw(ReasonLimit, "findall: more than %d solutions", s.m.limits.ListItems)
	}
	into.found = append(into.found, found)
}

// gathered ends a findall and unifies its list with the solutions.
func (s *solver) gathered(into *collector) bool {
	s.m.alloc(into.cells)
	return s.m.unify(&s.tr, into.list, List(into.found...))
}
