package lcc

import (
	"fmt"
	"slices"

	"parley/lcc/check"
)

// This file finds waits that no order of events ends, over any number of roles: each
// message that could end one is sent only after another such wait. It follows every
// event that may happen, whatever constraints say, so what it reports is certain as far
// as messages go.

// exchanged is a message between two roles; "" stands for any role.
type exchanged struct {
	from, to string
	message  key
}

// circle is the search: what may happen, until nothing is added.
type circle struct {
	reached map[*node]bool   // events that an agent may come to
	passed  map[*node]bool   // and that may happen
	played  map[*clause]bool // clauses that an agent may begin or enter
	sent    map[exchanged]bool
	all     map[exchanged]bool // that the text has anywhere
	grew    bool
}

// followAll finds what may happen.
func (x *explorer) followAll() {
	c := &circle{
		reached: map[*node]bool{}, passed: map[*node]bool{}, played: map[*clause]bool{}, sent: map[exchanged]bool{},
		all: map[exchanged]bool{},
	}
	x.circle = c
	list := x.clausesInOrder()
	for _, cl := range list {
		c.played[cl] = !x.entersOnly(cl)
		cl.body.walk(map[*node]bool{}, func(n *node) {
			if n.kind == nodeSend {
				c.all[n.exchanged(cl.role, n.role.name)] = true
			}
		})
	}
	for c.grew = true; c.grew; {
		c.grew = false
		for _, cl := range list {
			if c.played[cl] {
				c.follow(cl, cl.body)
			}
		}
	}
}

// elsewhere reports whether a thread waits for a message of a role that its partner never
// plays: a third agent may send it.
func (x *explorer) elsewhere(t walker, partner *clause) bool {
	found := false
	roles := map[string]bool{}
	partner.collect(roles)
	t.at.first(func(n *node) {
		found = found || n.kind == nodeReceive && n.role.name != "" && !roles[n.role.name] &&
			x.circle.arrives(n.exchanged(n.role.name, t.roles[len(t.roles)-1]))
	})
	return found
}

// collect adds the names of the roles that an agent that begins in a clause plays.
func (cl *clause) collect(roles map[string]bool) {
	if roles[cl.role] {
		return
	}
	roles[cl.role] = true
	cl.body.walk(map[*node]bool{}, func(n *node) {
		if n.kind == nodeEnter && n.role.clause != nil {
			n.role.clause.collect(roles)
		}
	})
}

// circles reports each wait that never ends.
func (x *explorer) circles() {
	c := x.circle
	for _, cl := range x.clausesInOrder() {
		if c.played[cl] {
			c.report(x, cl, cl.body)
			cl.body.walk(map[*node]bool{}, func(n *node) {
				if c.passed[n] && n.after != nil {
					c.report(x, cl, n.after)
				}
			})
		}
	}
}

func (x *explorer) clausesInOrder() (list []*clause) {
	for _, r := range x.model.roles {
		list = append(list, x.model.clauses[key{r.Name, r.Arity}])
	}
	return list
}

// entersOnly reports whether agents play a clause only after entering it.
func (x *explorer) entersOnly(cl *clause) bool {
	at := slices.IndexFunc(x.model.roles, func(r RoleInfo) bool { return r.Name == cl.role && r.Arity == len(cl.args) })
	return x.model.roles[at].Kind == "auxiliary"
}

func (n *node) exchanged(from, to string) exchanged {
	e := exchanged{from: from, to: to}
	switch m := n.message.(type) {
	case *pattern:
		e.message = key{m.functor, len(m.args)}
	case slot, void:
	default:
		name, args, _ := Name(m)
		e.message = key{name, len(args)}
	}
	return e
}

// follow marks what may happen at a definition and behind it.
func (c *circle) follow(cl *clause, n *node) {
	for n != nil {
		if c.passed[n] {
			// What follows was marked with it, or is marked in this round.
			if n.kind != nodeOr && n.kind != nodePar {
				n = n.after
				continue
			}
		}
		c.mark(c.reached, n)
		switch n.kind {
		case nodeOr, nodePar:
			for _, b := range n.branches {
				c.follow(cl, b)
			}
			if n.kind == nodeOr {
				return // its branches lead on
			}
		case nodeReceive:
			if !c.arrives(n.exchanged(n.role.name, cl.role)) {
				return
			}
		case nodeSend:
			e := n.exchanged(cl.role, n.role.name)
			if !c.sent[e] {
				c.sent[e], c.grew = true, true
			}
		case nodeEnter:
			if n.role.clause != nil && !c.played[n.role.clause] {
				c.played[n.role.clause], c.grew = true, true
			}
		}
		c.mark(c.passed, n)
		n = n.after
	}
}

func (c *circle) mark(set map[*node]bool, n *node) {
	if !set[n] {
		set[n], c.grew = true, true
	}
}

// arrives reports whether a message that fits may have been sent.
func (c *circle) arrives(want exchanged) bool { return fits(c.sent, want) }

func fits(sent map[exchanged]bool, want exchanged) bool {
	for e := range sent {
		if (e.from == want.from || want.from == "") && (e.to == want.to || e.to == "") &&
			(e.message == want.message || e.message == key{} || want.message == key{}) {
			return true
		}
	}
	return false
}

// report reports a point that an agent may come to and never leaves.
func (c *circle) report(x *explorer, cl *clause, at *node) {
	var waits *node
	stuck := true
	at.first(func(n *node) {
		if c.passed[n] || n.kind != nodeReceive || !fits(c.all, n.exchanged(n.role.name, cl.role)) {
			stuck = false // or LCC018 says that nobody sends it
		}
		if waits == nil {
			waits = n
		}
	})
	if !stuck || waits == nil {
		return
	}
	id := fmt.Sprint(x.id(waits))
	if x.found[id] {
		return
	}
	x.found[id] = true
	x.list = append(x.list, check.Diagnostic{
		Code: check.CodeDeadlock, Severity: check.Warning, Pos: waits.pos,
		Message: fmt.Sprintf("role %s waits here for ever: whoever sends %s waits before that for a message that never comes", cl.role,
			x.texts[waits.pos.Offset]),
		Hint: "let one of the roles begin, or make the wait a choice: or (null <- timeout(10))",
	})
}
