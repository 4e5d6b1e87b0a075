package lcc

import (
	"fmt"
	"slices"
	"strings"
)

// figure is the exploration's model of an agent: its position and its waiting messages.
// It is immutable once it is part of a state.
type figure struct {
	home    *clause // clause in which it began, by itself or by a message
	threads []walker
	joins   []int // unfinished branches of each par
	mail    []letter
	failed  seats // of which failed(P) may hold: a message to them came back
	gone    bool  // it failed, for good
}

// walker is a thread.
type walker struct {
	at    *node
	frame *knows
	next  *goesOn
	roles []string // played, outermost first
}

// goesOn is the continuation at the end of a clause or of a branch of a par.
type goesOn struct {
	at    *node
	frame *knows
	next  *goesOn
	roles []string
	join  int // 1 + its index in figure.joins; 0: the end of a role
}

// knows says for each variable of a clause which peer it names.
type knows struct {
	clause *clause
	who    string // one character for each variable
}

// The peers that a variable can name: none, one that takes no part, or that of an agent. Where
// several agents of a role are played, it may also have a value of which it is not known whether it
// names a peer, and which; or be the list of all who play a role.
const (
	nobodyYet = '.'
	another   = 'o'
	unclear   = '?'
	everybody = '*'
)

// seat is the peer of an agent, by its place.
func seat(agent int) byte { return '0' + byte(agent) }

// letter is a waiting message: the event that sent it, its template, the roles of both
// ends, and the agent that sent it.
type letter struct {
	node     *node
	message  Term
	from, to string
	sender   int
}

// seats is a set of agents.
type seats uint16

func (s seats) with(agent int) seats    { return s | 1<<agent }
func (s seats) without(agent int) seats { return s &^ (1 << agent) }
func (s seats) has(agent int) bool      { return s&(1<<agent) != 0 }

// in returns the set with the agents at other seats; nil: at their own.
func (s seats) in(order []int) (moved seats) {
	if order == nil || s == 0 {
		return s
	}
	for i, to := range order {
		if s.has(i) {
			moved = moved.with(to)
		}
	}
	return moved
}

// begin returns an agent at the beginning of a clause.
func (x *explorer) begin(c *clause) figure {
	frame := &knows{c, strings.Repeat(string(nobodyYet), len(c.names))}
	return figure{home: c, threads: []walker{{at: c.body, frame: x.several.begin(frame), roles: []string{c.role}}}}
}

// rests reports whether a thread is at the beginning of the role in which its agent
// began by itself, where it may wait for ever; or where it begins this role again, as a server
// does that counts: a(server(M), S) <- M is N + 1.
func (t *walker) rests() bool {
	c, frame := t.frame.clause, t.frame
	if n := t.at; n.kind == nodeEnter && n.after == nil && n.role.clause == c {
		_, args, _ := templateName(n.role.term)
		frame = frame.enter(args, c)
	} else if n != c.body {
		return false
	}
	return len(t.roles) == 1 && !frame.anybody()
}

func (f *figure) plays(role string) bool {
	return slices.ContainsFunc(f.threads, func(t walker) bool { return slices.Contains(t.roles, role) })
}

// anybody reports whether a variable names the peer of an agent.
func (k *knows) anybody() bool {
	return strings.ContainsFunc(k.who, func(r rune) bool { return r <= '9' && isSeat(byte(r)) })
}

func isSeat(who byte) bool { return who >= seat(0) && who <= seat(9) }

// whom returns the peer that an id names.
func (k *knows) whom(id Term) byte {
	if s, ok := id.(slot); ok {
		return k.who[s]
	}
	return nobodyYet
}

// met records which peer an id names.
func (k *knows) met(id Term, who byte) *knows {
	s, ok := id.(slot)
	if !ok || k.who[s] == who {
		return k
	}
	signs := []byte(k.who)
	signs[s] = who
	return &knows{k.clause, string(signs)}
}

// enter returns the knowledge in a clause that is entered: the arguments of the role
// carry partners over.
func (k *knows) enter(args []Term, c *clause) *knows {
	signs := []byte(strings.Repeat(string(nobodyYet), len(c.names)))
	for i := range min(len(args), len(c.args)) {
		k.hand(args[i], c.args[i], signs)
	}
	return &knows{c, string(signs)}
}

func (k *knows) hand(from, to Term, signs []byte) {
	switch to := to.(type) {
	case slot:
		if s, ok := from.(slot); ok {
			signs[to] = k.who[s]
		}
	case *pattern:
		if p, ok := from.(*pattern); ok && len(p.args) == len(to.args) {
			for i := range p.args {
				k.hand(p.args[i], to.args[i], signs)
			}
		}
	}
}

// key returns a string that identifies a state. States that differ only in which agent of a role
// is which are one.
func (x *explorer) key(w *scene) (least string) {
	if len(x.several.orders) == 0 {
		return x.keyIn(w, nil)
	}
	for i, order := range x.several.orders {
		if k := x.keyIn(w, order); i == 0 || k < least {
			least = k
		}
	}
	return least
}

// keyIn returns the string with the agents at other seats; nil: at their own.
func (x *explorer) keyIn(w *scene, order []int) string {
	var b strings.Builder
	at := func(i int) int {
		if order == nil || i < 0 {
			return i
		}
		return order[i]
	}
	who := func(k *knows) string {
		if order == nil || !k.anybody() {
			return k.who
		}
		signs := []byte(k.who)
		for i, s := range signs {
			if isSeat(s) {
				signs[i] = seat(order[s-seat(0)])
			}
		}
		return string(signs)
	}
	places := make([]int, len(w.agents))
	for i := range w.agents {
		places[at(i)] = i
	}
	if w.mishap != nil {
		fmt.Fprintf(&b, "^%d,%d,%d", at(w.mishap.gone), at(w.mishap.to), x.id(w.mishap.lost.node))
	}
	for _, i := range places {
		f := &w.agents[i]
		fmt.Fprintf(&b, "|%v%v%v", f.failed.in(order), f.gone, f.joins)
		for _, t := range f.threads {
			fmt.Fprintf(&b, ";%d,%s,%v", x.id(t.at), who(t.frame), t.roles)
			for n := t.next; n != nil; n = n.next {
				b.WriteString(">")
				if n.frame != nil {
					b.WriteString(who(n.frame))
				}
				fmt.Fprintf(&b, "%d,%d", x.id(n.at), n.join)
			}
		}
		for _, l := range f.mail {
			fmt.Fprintf(&b, "!%d%s%s%d", x.id(l.node), l.from, l.to, at(l.sender))
		}
	}
	return b.String()
}
