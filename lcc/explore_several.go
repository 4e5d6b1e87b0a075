package lcc

import (
	"fmt"
	"slices"
)

// This file plays two and three agents of each role that a text addresses as many: by a message
// to _, to a list of peers, or to all that findall(P, player(role, P), L) finds. Which of several
// agents a variable names is followed as far as messages tell; where values decide, that way is
// not followed, and nothing is said of it.

// severalMost is the largest number of agents of one role.
const severalMost = 3

// several is what a search with several agents of a role knows.
type several struct {
	numbers []int   // of each agent within its role, from 1; 0: it is the only one
	orders  [][]int // the exchanges of agents of one role: for each the seats that they have then
	unknown *bool   // some way was not followed, as values decide
}

// played reports whether there are several agents of a role.
func (s *several) played() bool { return s.numbers != nil }

// name is a role, with the number of its agent.
func (s *several) name(agent int, role string) string {
	if s.numbers == nil || s.numbers[agent] == 0 {
		return role
	}
	return fmt.Sprintf("%s %d", role, s.numbers[agent])
}

// crowd returns what is known of a cast.
func crowd(roles cast) several {
	s := several{numbers: make([]int, len(roles)), unknown: new(bool)}
	s.orders = [][]int{make([]int, len(roles))}
	for i := range roles {
		s.orders[0][i] = i
	}
	for i := 0; i < len(roles); {
		n := 1
		for i+n < len(roles) && roles[i+n] == roles[i] {
			n++
		}
		if n > 1 {
			for k := range n {
				s.numbers[i+k] = k + 1
			}
			s.orders = rearranged(s.orders, i, n)
		}
		i += n
	}
	return s
}

// arranged are the orders of two and of three agents.
var arranged = map[int][][]int{
	2: {{0, 1}, {1, 0}},
	3: {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}},
}

// rearranged returns the orders with each order of n agents from a place on.
func rearranged(orders [][]int, from, n int) (list [][]int) {
	for _, o := range orders {
		for _, seats := range arranged[n] {
			next := slices.Clone(o)
			for k, to := range seats {
				next[from+k] = from + to
			}
			list = append(list, next)
		}
	}
	return list
}

// vague reports whether a message goes to a peer that only values tell, such as one that the text
// names or one of a list.
func (s *several) vague(h *happening) bool {
	_, isVar := h.n.role.id.(slot)
	if !isVar {
		*s.unknown = true
	}
	return !isVar
}

// settled reports whether what waits in a state is to be reported: an agent that finds no partner
// may find one where more play its role, and so it is where a role is declared for more agents.
func (s *several) settled(x *explorer, w *scene) bool {
	if w.tooFew() {
		return false
	}
	if !s.played() {
		return true
	}
	for i := range w.agents {
		for _, t := range w.agents[i].threads {
			events, _ := x.look(t.at, t.frame, t.next, t.roles, &w.agents[i], 0, nil)
			if !t.rests() && slices.ContainsFunc(events, func(h happening) bool { return h.n.kind == nodeSend }) {
				return false
			}
		}
	}
	return true
}

// tooFew reports whether a role is declared for more agents than there are.
func (w *scene) tooFew() bool {
	for i := range w.agents {
		home := w.agents[i].home
		count := 0
		for j := range w.agents {
			if w.agents[j].home == home {
				count++
			}
		}
		if count < home.cardinality.min {
			return true
		}
	}
	return false
}

// begin is what an agent knows that begins: its arguments are given to it.
func (s *several) begin(k *knows) *knows {
	if !s.played() {
		return k
	}
	return k.mark(argSlots(k.clause), unclear)
}

// mark gives a sign to those of the variables that name nobody yet.
func (k *knows) mark(list []slot, sign byte) *knows {
	signs := []byte(k.who)
	changed := false
	for _, v := range list {
		if signs[v] == nobodyYet {
			signs[v], changed = sign, true
		}
	}
	if !changed {
		return k
	}
	return &knows{k.clause, string(signs)}
}

// after is what an agent knows after an event: variables that it binds have values.
func (s *several) after(n *node, k *knows) *knows {
	if !s.played() || n.kind == nodeOr || n.kind == nodePar {
		return k
	}
	if n.guard != nil {
		k = s.found(n, k)
		k = k.mark(n.guard.slots(nil), unclear)
	}
	if n.kind == nodeReceive {
		k = k.mark(appendSlots(appendSlots(nil, n.message), n.role.term), unclear)
	}
	return k
}

// found is what an agent knows once the constraint of an event has found all who play a role.
func (s *several) found(n *node, k *knows) *knows {
	if !s.played() || n.guard == nil {
		return k
	}
	return k.mark(n.guard.allPlayers(nil), everybody)
}

// slots returns the variables of a constraint.
func (n *cnode) slots(list []slot) []slot {
	for _, arg := range n.args {
		list = appendSlots(list, arg)
	}
	for _, p := range n.parts {
		list = p.slots(list)
	}
	return list
}

// allPlayers returns the variables that are the list of all who play a role, in what must hold.
func (n *cnode) allPlayers(list []slot) []slot {
	if n.kind == consAnd {
		for _, p := range n.parts {
			list = p.allPlayers(list)
		}
	}
	if to, ok := n.lists(); ok {
		list = append(list, to)
	}
	return list
}

// lists reports whether a constraint is findall(P, player(role, P), L), and which variable L is.
func (n *cnode) lists() (to slot, ok bool) {
	goal := n.players()
	if goal == nil {
		return 0, false
	}
	to, ok = n.args[1].(slot)
	from, isVar := n.args[0].(slot)
	peer, same := goal.args[1].(slot)
	return to, ok && isVar && same && peer == from
}

// enter is what an agent knows in a role that it enters: arguments that are taken apart there, or
// that are not variables, have values.
func (s *several) enter(args []Term, outer, inner *knows) *knows {
	if !s.played() {
		return inner
	}
	for i := range min(len(args), len(inner.clause.args)) {
		from, isVar := args[i].(slot)
		_, whole := inner.clause.args[i].(slot)
		if isVar && whole && outer.who[from] == nobodyYet {
			continue // it has no value yet
		}
		inner = inner.mark(appendSlots(nil, inner.clause.args[i]), unclear)
	}
	return inner
}

// returned is what an agent knows after a role that it entered has ended: the role may have bound
// its arguments.
func (s *several) returned(n *node, k *knows) *knows {
	if !s.played() {
		return k
	}
	return k.mark(appendSlots(nil, n.role.term), unclear)
}

// depends reports whether values decide whether a constraint holds: values that the text compares,
// or what the agent remembers. What a host answers may hold or not.
func (s *several) depends(c *cnode, k *knows) bool {
	if !s.played() || c == nil || !c.compares(k) {
		return false
	}
	*s.unknown = true
	return true
}

func (n *cnode) compares(k *knows) bool {
	switch n.kind {
	case consAnd, consOr, consNot:
		return slices.ContainsFunc(n.parts, func(p *cnode) bool { return p.compares(k) })
	case consFindall:
		_, all := n.lists()
		return !all
	case consCall:
		switch {
		case n.memorable || n.key == (key{"known", 1}) || n.key == (key{"retract", 1}):
			return true
		case n.builtin == nil && !n.defined, n.builtin != nil && slices.Contains(steadyBuiltins, n.key.name):
			return false
		case n.builtin != nil && slices.Contains([]string{"k", "timeout", failedName}, n.key.name):
			return false
		}
	}
	// A comparison with a value that is known to the agent.
	return slices.ContainsFunc(n.slots(nil), func(v slot) bool { return k.who[v] != nobodyYet })
}
