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

// circle is the search: what may happen, until nothing is added. Each event is visited
// once, and a receive again when messages were added: texts may be hostile.
type circle struct {
	reached map[*node]bool   // events that an agent may come to
	passed  map[*node]bool   // and that may happen
	played  map[*clause]bool // clauses that an agent may begin or enter
	sent    messages
	all     messages // that the text has anywhere
	stack   []stop
	blocked []stop             // receives whose message nobody has sent yet
	ended   map[*clause]bool   // clauses that may come to their end
	behind  map[*clause][]stop // what follows where such a clause is entered
}

// stop is an event, with its clause. A nil event is the end of the clause, or in a par that of
// a branch.
type stop struct {
	clause *clause
	node   *node
	inPar  bool
}

// messages is a set of messages, with what a receive may ask for.
type messages map[exchanged]bool

// anything is a message of which the text does not say what it is.
var anything = key{"", -1}

// add adds a message under all that a receive may ask for it by.
func (m messages) add(e exchanged) {
	if e.message == (key{}) {
		e.message = anything
	}
	for _, from := range []string{e.from, ""} {
		for _, message := range []key{e.message, {}} {
			m[exchanged{from, e.to, message}] = true
		}
	}
}

// has reports whether a message fits a receive.
func (m messages) has(want exchanged) bool {
	for _, to := range []string{want.to, ""} {
		if m[exchanged{want.from, to, want.message}] || m[exchanged{want.from, to, anything}] {
			return true
		}
	}
	return false
}

// followed finds what may happen, the first time.
func (x *explorer) followed() *circle {
	if x.circle != nil {
		return x.circle
	}
	c := &circle{
		reached: map[*node]bool{}, passed: map[*node]bool{}, played: map[*clause]bool{}, sent: messages{}, all: messages{},
		ended: map[*clause]bool{}, behind: map[*clause][]stop{},
	}
	x.circle = c
	for _, cl := range x.clausesInOrder() {
		if !x.entersOnly(cl) {
			c.play(cl)
		}
		cl.body.walk(map[*node]bool{}, func(n *node) {
			if n.kind == nodeSend {
				c.all.add(n.exchanged(cl.role, n.role.name))
			}
		})
	}
	c.follow()
	for grew := true; grew; {
		grew = false
		waiting := c.blocked
		c.blocked = nil
		for _, at := range waiting {
			if !c.sent.has(at.node.exchanged(at.node.role.name, at.clause.role)) {
				c.blocked = append(c.blocked, at)
				continue
			}
			grew = true
			c.passed[at.node] = true
			c.stack = append(c.stack, stop{at.clause, at.node.after, at.inPar})
			c.follow()
		}
	}
	return c
}

// play begins a clause.
func (c *circle) play(cl *clause) {
	if !c.played[cl] {
		c.played[cl] = true
		c.stack = append(c.stack, stop{clause: cl, node: cl.body})
	}
}

// follow marks what may happen from the events of the stack on.
func (c *circle) follow() {
	for len(c.stack) > 0 {
		at := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		cl, n := at.clause, at.node
		if n == nil {
			c.end(at)
			continue
		}
		if c.reached[n] {
			continue
		}
		c.reached[n] = true
		switch n.kind {
		case nodeOr, nodePar:
			for _, b := range n.branches {
				c.stack = append(c.stack, stop{cl, b, at.inPar || n.kind == nodePar})
			}
			if n.kind == nodeOr {
				continue // its branches lead on
			}
		case nodeReceive:
			if !c.sent.has(n.exchanged(n.role.name, cl.role)) {
				c.blocked = append(c.blocked, at)
				continue
			}
		case nodeSend:
			c.sent.add(n.exchanged(cl.role, n.role.name))
		case nodeEnter:
			if to := n.role.clause; to != nil {
				c.passed[n] = true
				c.play(to)
				if c.behind[to] = append(c.behind[to], stop{cl, n.after, at.inPar}); !c.ended[to] {
					continue
				}
			}
		}
		c.passed[n] = true
		c.stack = append(c.stack, stop{cl, n.after, at.inPar})
	}
}

// end marks that a clause may come to its end: what stands behind a change into its role follows.
func (c *circle) end(at stop) {
	if at.inPar || c.ended[at.clause] {
		return
	}
	c.ended[at.clause] = true
	c.stack = append(c.stack, c.behind[at.clause]...)
}

// elsewhere reports whether a thread of an agent waits for a message of a role that none of
// the others ever plays: an agent that takes no part may send it.
func (x *explorer) elsewhere(w *scene, i int, t walker) bool {
	found := false
	t.at.first(func(n *node) {
		found = found || n.kind == nodeReceive && n.role.name != "" && !x.mayPlay(w, i, n.role.name) &&
			x.followed().sent.has(n.exchanged(n.role.name, t.roles[len(t.roles)-1]))
	})
	return found
}

// mayPlay reports whether any of the other agents ever plays a role.
func (x *explorer) mayPlay(w *scene, i int, role string) bool {
	for j := range w.agents {
		if j != i && x.rolesOf(w.agents[j].home)[role] {
			return true
		}
	}
	return false
}

// rolesOf returns the names of the roles that an agent that begins in a clause plays.
func (x *explorer) rolesOf(home *clause) map[string]bool {
	if x.others == nil {
		x.others = map[*clause]map[string]bool{}
	}
	if x.others[home] == nil {
		x.others[home] = home.plays()
	}
	return x.others[home]
}

// plays returns the names of the roles that an agent that begins in a clause plays.
func (c *clause) plays() map[string]bool {
	roles, seen, list := map[string]bool{}, map[*clause]bool{c: true}, []*clause{c}
	for len(list) > 0 {
		next := list[len(list)-1]
		list = list[:len(list)-1]
		roles[next.role] = true
		next.body.walk(map[*node]bool{}, func(n *node) {
			if to := n.role.clause; n.kind == nodeEnter && to != nil && !seen[to] {
				seen[to] = true
				list = append(list, to)
			}
		})
	}
	return roles
}

// circles reports each wait that never ends.
func (x *explorer) circles() {
	c := x.followed()
	for _, cl := range x.clausesInOrder() {
		if !c.played[cl] {
			continue
		}
		points := map[*node]bool{cl.body: true}
		c.report(x, cl, cl.body)
		cl.body.walk(map[*node]bool{}, func(n *node) {
			if c.passed[n] && c.reached[n.after] && !points[n.after] {
				points[n.after] = true
				c.report(x, cl, n.after)
			}
		})
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

// report reports a point that an agent may come to and never leaves.
func (c *circle) report(x *explorer, cl *clause, at *node) {
	var waits *node
	stuck := true
	at.first(func(n *node) {
		if c.passed[n] || n.kind != nodeReceive || !c.all.has(n.exchanged(n.role.name, cl.role)) {
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
