package lcc

import (
	"cmp"
	"slices"
)

// This file decides which predicates of a model are tabled (table.go).

// tabling is what the engines of a model need to know of its tables.
type tabling struct {
	predicates int      // that are tabled
	names      []string // of the questions; the index is the nameBit
	player     nameBit  // of the players
}

// nameBit is the place of a question's name in a set of names.
type nameBit uint8

const (
	// namesMost is the number of questions of a model with tables.
	namesMost = 64
	// tableArgs is the number of arguments of a tabled predicate.
	tableArgs = 6
	// tableDepth bounds how deep tabled predicates call each other.
	tableDepth = 24
)

// untabled are the built-ins whose answer depends on more than their arguments, the
// answers of the host, the players, and the agent's memory; or that do more than answer.
var untabled = map[key]bool{{"timeout", 1}: true, {"failed", 1}: true, {"failed", 2}: true, {"k", 1}: true, {"retract", 1}: true}

// predicate is what the compiler finds out about a predicate of the model's rules.
type predicate struct {
	index, low int  // of Tarjan's algorithm
	open       bool // the predicates that it calls are still being visited
	impure     bool
	circular   bool // it calls itself
	gathers    bool // it, or one that it calls, has a findall
	depth      int  // of tabled predicates that call each other
}

// tabler visits the predicates of a model, callees first: Tarjan, Depth-first search and
// linear graph algorithms, 1972.
type tabler struct {
	c     *compiler
	of    map[key]*predicate
	stack []key
}

// tables numbers the tabled predicates. A predicate is tabled when its answers depend on
// nothing but its arguments, the answers of the host, the players, and the agent's
// memory; when it does not call itself; and when it collects solutions, since any other
// is derived as fast as it is found in a table.
func (c *compiler) tables() {
	names := []string{"player"}
	for k := range c.asks {
		names = append(names, k.name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > namesMost {
		return
	}
	bit := map[string]nameBit{}
	for i, name := range names {
		bit[name] = nameBit(i)
	}
	t := tabler{c: c, of: map[key]*predicate{}}
	number := map[key]int{}
	heads := make([]key, 0, len(c.rules))
	for k := range c.rules {
		heads = append(heads, k)
	}
	slices.SortFunc(heads, func(a, b key) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.arity, b.arity)) })
	for _, k := range heads {
		if p := t.visit(k); p.tabled(k) {
			number[k] = len(number) + 1
		}
	}
	for _, call := range c.calls {
		call.name = bit[call.key.name]
		if !call.gathered { // all its solutions are wanted once: the caller is tabled, if any
			call.table = number[call.key]
		}
	}
	c.model.tabling = tabling{predicates: len(number), names: names, player: bit["player"]}
}

func (p *predicate) tabled(k key) bool {
	return p.gathers && !p.impure && !p.circular && k.arity <= tableArgs && p.depth <= tableDepth
}

// visit finds out about a predicate and those that it calls.
func (t *tabler) visit(k key) *predicate {
	if p := t.of[k]; p != nil {
		return p
	}
	n := len(t.of) + 1
	p := &predicate{index: n, low: n, open: true}
	t.of[k] = p
	t.stack = append(t.stack, k)
	for _, r := range t.c.rules[k] {
		if r.body != nil {
			t.body(p, r.body)
		}
	}
	if p.low == p.index {
		t.close(k)
	}
	if p.tabled(k) {
		p.depth++
	}
	return p
}

// close ends a set of predicates that call each other, k first: they share what is true
// of one of them.
func (t *tabler) close(k key) {
	at := slices.Index(t.stack, k)
	set := t.stack[at:]
	t.stack = t.stack[:at]
	all := *t.of[k]
	for _, member := range set {
		p := t.of[member]
		all.impure, all.gathers = all.impure || p.impure, all.gathers || p.gathers
		all.depth, all.circular = max(all.depth, p.depth), all.circular || p.circular || len(set) > 1
	}
	for _, member := range set {
		p := t.of[member]
		p.open = false
		p.impure, p.gathers, p.circular, p.depth = all.impure, all.gathers, all.circular, all.depth
	}
}

// body visits a constraint of a rule.
func (t *tabler) body(p *predicate, n *cnode) {
	for _, part := range n.parts {
		t.body(p, part)
	}
	switch {
	case n.kind == consFindall:
		p.gathers = true
	case n.kind != consCall:
	case n.builtin != nil:
		p.impure = p.impure || untabled[n.key]
	case n.acts:
		p.impure = true
	case n.defined:
		called := t.visit(n.key)
		if called.open {
			p.low = min(p.low, called.low)
			p.circular = p.circular || called == p
			return
		}
		p.impure, p.gathers, p.depth = p.impure || called.impure, p.gathers || called.gathers, max(p.depth, called.depth)
	default:
		p.impure = p.impure || n.ages
	}
}
