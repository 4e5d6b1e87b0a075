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

// The peers that a variable can name: none, one that takes no part, or that of an agent.
const (
	nobodyYet = '.'
	another   = 'o'
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

// begin returns an agent at the beginning of a clause.
func (x *explorer) begin(c *clause) figure {
	return figure{home: c, threads: []walker{{
		at: c.body, frame: &knows{c, strings.Repeat(string(nobodyYet), len(c.names))}, roles: []string{c.role},
	}}}
}

// rests reports whether a thread is at the beginning of the role in which its agent
// began by itself, where it may wait for ever.
func (t *walker) rests() bool {
	c := t.frame.clause
	return t.at == c.body && len(t.roles) == 1 && !t.frame.anybody()
}

func (f *figure) plays(role string) bool {
	return slices.ContainsFunc(f.threads, func(t walker) bool { return slices.Contains(t.roles, role) })
}

// anybody reports whether a variable names the peer of an agent.
func (k *knows) anybody() bool {
	return strings.ContainsFunc(k.who, func(r rune) bool { return r != nobodyYet && r != another })
}

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

// key returns a string that identifies a state.
func (x *explorer) key(w *scene) string {
	var b strings.Builder
	if w.mishap != nil {
		fmt.Fprintf(&b, "^%d,%d,%d", w.mishap.gone, w.mishap.to, x.id(w.mishap.lost.node))
	}
	for i := range w.agents {
		f := &w.agents[i]
		fmt.Fprintf(&b, "|%v%v", f.failed, f.joins)
		for _, t := range f.threads {
			fmt.Fprintf(&b, ";%d,%s,%v", x.id(t.at), t.frame.who, t.roles)
			for n := t.next; n != nil; n = n.next {
				b.WriteString(">")
				if n.frame != nil {
					fmt.Fprintf(&b, "%s", n.frame.who)
				}
				fmt.Fprintf(&b, "%d,%d", x.id(n.at), n.join)
			}
		}
		for _, l := range f.mail {
			fmt.Fprintf(&b, "!%d%s%s%d", x.id(l.node), l.from, l.to, l.sender)
		}
	}
	return b.String()
}
