package lcc

import (
	"fmt"
	"strings"
	"time"

	"parley/lcc/syntax"
)

// View describes a running agent for people.
type View struct {
	Agent   AgentID
	Started Term
	// Begins says that it waits at the beginning of the role in which messages begin agents.
	Begins bool
	Roles  []string // played now, outermost first; with par, one thread after the other
	Memory []Term   // remembered facts, oldest first
	Mail   []string // waiting messages, as text and sender
	Waits  []Waiting
	// Failed are actions that failed since the agent did something. It waits for another
	// way, or for a change after which it requests them again.
	Failed []FailedAction
}

// FailedAction is an action that a thread of an agent could not achieve.
type FailedAction struct {
	Action Term
	Role   Term    // in which the thread has waited
	Since  Instant // when it began to wait there
}

// Waiting is a possible next event, and why it has not happened.
type Waiting struct {
	Pos  syntax.Position
	Text string // as in the text
	With string // the bound variables of its clause
	Why  string
	For  WaitsFor
	// Lacks is the comparison that does not hold, where one decided, and on what it depends.
	Lacks []Ground
}

// WaitsFor is what kind of thing an event waits for.
type WaitsFor string

// The kinds of things that an event waits for.
const (
	ForConstraint WaitsFor = "constraint" // that a part of its constraint holds
	ForMessage    WaitsFor = "message"
	ForTime       WaitsFor = "time"
	ForAction     WaitsFor = "action"  // the end of one that is in progress
	ForPartner    WaitsFor = "partner" // somebody who plays the role that its message goes to
	ForChange     WaitsFor = "change"  // anything else
)

// String is the event on a line, and why it has not happened.
func (w Waiting) String() string {
	text := fmt.Sprintf("%s: %s: %s", w.Pos.Place(), w.Text, w.Why)
	if w.With != "" {
		text += " (" + w.With + ")"
	}
	return text
}

// Agents returns the running agents by id. It has no side effects: a run with it is the
// same as one without. Why looks at a copy of the agent (engine_why.go).
func (e *Engine) Agents() []View {
	events := map[int]syntax.Def{}
	for _, item := range e.model.file.Items {
		if clause, ok := item.(*syntax.Clause); ok {
			syntax.Walk(clause.Body, func(d syntax.Def) {
				switch d.(type) {
				case *syntax.Then, *syntax.Or, *syntax.Par:
				default:
					events[d.Pos().Offset] = d
				}
			})
		}
	}
	var list []View
	v := viewer{look: &e.look, events: events}
	for a := range e.agents.running {
		list = append(list, v.view(a))
	}
	return list
}

// viewer describes agents. events holds the events of the text by their offset.
type viewer struct {
	look   *look
	events map[int]syntax.Def
}

func (w *viewer) view(a *agent) View {
	v := View{Agent: a.id, Started: a.started, Begins: a.by != "" && a.begins()}
	for _, m := range a.memory.facts {
		v.Memory = append(v.Memory, NewTerm(m.key.name, m.args...))
	}
	for _, m := range a.mail {
		v.Mail = append(v.Mail, fmt.Sprintf("%s from a(%s, %s)", m.message.Body, m.from, m.message.From.Peer))
	}
	for _, t := range a.threads {
		var roles []string
		for s := t.scope; s != nil; s = s.outer {
			roles = append([]string{w.look.m.visible(s.role).String()}, roles...)
		}
		v.Roles = append(v.Roles, roles...)
		for _, goal := range t.refused {
			if t.scope != nil {
				v.Failed = append(v.Failed, FailedAction{w.look.m.visible(goal), w.look.m.visible(t.scope.role), t.since})
			}
		}
		if t.pending != nil {
			n := t.pending.try.node
			why := fmt.Sprintf("the action %s is in progress", w.look.m.visible(t.pending.solver.asked))
			v.Waits = append(v.Waits, w.wait(n, t.pending.try.frame, Waiting{Why: why, For: ForAction}))
			continue
		}
		t.node.first(func(n *node) {
			v.Waits = append(v.Waits, w.wait(n, t.frame, w.why(a, t, n)))
		})
	}
	return v
}

// first visits the possible first events of a node. It does not descend into a role
// that is entered.
func (n *node) first(visit func(*node)) {
	if n == nil {
		return
	}
	if n.kind != nodeOr && n.kind != nodePar {
		visit(n)
		return
	}
	for _, b := range n.branches {
		b.first(visit)
	}
}

// wait completes what is known of a waiting event.
func (w *viewer) wait(n *node, f *frame, waits Waiting) Waiting {
	waits.Pos = n.pos
	if d := w.events[n.pos.Offset]; d != nil {
		waits.Text = syntax.Text(d)
	}
	if f == nil {
		return waits
	}
	var with []string
	for i, name := range f.names {
		if name != "" && f.vars[i] != nil {
			if _, unbound := deref(f.vars[i]).(*Var); !unbound {
				with = append(with, name+" = "+w.look.m.visible(f.vars[i]).String())
			}
		}
	}
	waits.With = strings.Join(with, ", ")
	return waits
}

// why says what an event waits for, as far as that is visible.
func (w *viewer) why(a *agent, t *thread, n *node) Waiting {
	is := func(name string) bool {
		return n.guard != nil && n.guard.contains(func(c *cnode) bool { return c.kind == consCall && c.key.name == name })
	}
	switch {
	case w.look.leadsNowhere(n) || n.kind == nodeEnter && w.look.refusesAll(n):
		return Waiting{Why: "it leads into a role that this host refuses", For: ForChange}
	case t.parked:
		return Waiting{Why: "it returned without having done anything: waits for a change", For: ForChange}
	case n.kind == nodeReceive && len(a.mail) > 0:
		q := w.inquire(a, t, t.frame)
		defer q.close()
		return Waiting{Why: q.unfit(a, t, n), For: ForMessage}
	case n.kind == nodeReceive:
		return Waiting{Why: "waits for the message", For: ForMessage}
	case is("timeout") && t.wake > w.look.around.now:
		left := time.Duration(t.wake - w.look.around.now).Round(time.Millisecond)
		return Waiting{Why: fmt.Sprintf("waits for time: the next timeout is in %v", left), For: ForTime}
	case is(failedName):
		return Waiting{Why: "nothing has failed", For: ForChange}
	}
	q := w.inquire(a, t, t.frame)
	defer q.close()
	if n.guard != nil {
		q.lack = &grounding{}
		if why := q.culprit(n.guard); why != "" {
			return Waiting{Why: why, For: ForConstraint, Lacks: q.lack.list}
		}
	}
	switch n.kind {
	case nodeSend:
		return Waiting{Why: q.partner(n), For: ForPartner}
	case nodeEnter:
		return Waiting{Why: "the role cannot begin yet", For: ForChange}
	}
	return Waiting{Why: soon, For: ForChange}
}
