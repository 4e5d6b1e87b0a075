package chart

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"parley/lcc/syntax"
)

// Machine is the state machine of one role.
type Machine struct {
	Role   string // as in its clause, such as buyer(X)
	States []State
	Edges  []Edge

	name  string // of the role
	arity int
}

// State is a state of a machine. Its number is its index in Machine.States; state 0 is
// the initial one.
type State struct {
	Kind StateKind
	Name string // of a Role
}

// StateKind is the kind of a state.
type StateKind byte

// The kinds of states.
const (
	Begin StateKind = iota
	Wait            // between two events
	Role            // enters another role
	Fork            // beginning or end of a par
	End
)

// Edge is a transition between two states. Its label is the event, or "" for a
// transition without one.
type Edge struct {
	From, To int
	Label    string
}

// Machines returns the machine of each role of a text, in text order.
func Machines(file *syntax.File) (list []*Machine) {
	for _, item := range file.Items {
		if clause, ok := item.(*syntax.Clause); ok {
			m := &Machine{Role: syntax.Text(clause.Agent.Role)}
			if role, ok := clause.Agent.Role.(*syntax.Const); ok {
				m.name, m.arity = role.Name, len(role.Args)
			}
			first, end := m.add(Begin, ""), m.add(End, "")
			m.draw(clause.Body, first, end)
			m.tidy(end)
			list = append(list, m)
		}
	}
	return list
}

func (m *Machine) add(kind StateKind, name string) int {
	m.States = append(m.States, State{kind, name})
	return len(m.States) - 1
}

func (m *Machine) edge(from, to int, label string) {
	m.Edges = append(m.Edges, Edge{from, to, label})
}

// draw draws a definition between two states. The parser limits the nesting of
// parentheses, which bounds the recursion; sequences are handled in a loop.
func (m *Machine) draw(d syntax.Def, from, to int) {
	for {
		then, ok := d.(*syntax.Then)
		if !ok {
			break
		}
		if enter, ok := then.Rest.(*syntax.Enter); ok && enter.Guard == nil {
			m.draw(then.First, from, m.role(enter, to)) // the event leads directly to the role
			return
		}
		next := m.add(Wait, "")
		m.draw(then.First, from, next)
		from, d = next, then.Rest
	}
	switch d := d.(type) {
	case *syntax.Or:
		for _, branch := range d.Branches {
			m.draw(branch, from, to)
		}
	case *syntax.Par:
		fork, join := m.add(Fork, ""), m.add(Fork, "")
		m.edge(from, fork, "")
		for _, branch := range d.Branches {
			first, end := m.add(Wait, ""), m.add(Wait, "")
			m.edge(fork, first, "")
			m.draw(branch, first, end)
			m.edge(end, join, "")
		}
		m.edge(join, to, "")
	case *syntax.Enter:
		m.edge(from, m.role(d, to), label(d))
	default:
		m.edge(from, to, label(d))
	}
}

// role adds the state of a role that is entered, and an edge to what follows it, if
// anything. A role that is entered again at its end is a loop: it leads to the beginning, and
// with other arguments through a state that names them.
func (m *Machine) role(d *syntax.Enter, to int) int {
	name := syntax.Text(d.Agent.Role)
	again := m.States[to].Kind == End && m.again(d)
	if again && name == m.Role {
		return begin
	}
	role := m.add(Role, name)
	switch {
	case again:
		m.edge(role, begin, "")
	case m.States[to].Kind != End:
		m.edge(role, to, "")
	}
	return role
}

// begin is the number of the initial state.
const begin = 0

// again reports whether an event enters the role of the machine.
func (m *Machine) again(d *syntax.Enter) bool {
	role, ok := d.Agent.Role.(*syntax.Const)
	return ok && role.Name == m.name && len(role.Args) == m.arity
}

// tidy removes the end state when no edge leads to it.
func (m *Machine) tidy(end int) {
	for _, e := range m.Edges {
		if e.To == end {
			return
		}
	}
	m.States = append(m.States[:end:end], m.States[end+1:]...)
	for i := range m.Edges {
		if m.Edges[i].From > end {
			m.Edges[i].From--
		}
		if m.Edges[i].To > end {
			m.Edges[i].To--
		}
	}
}

// labelMax bounds a label in characters, constraintMax the constraint in it.
const (
	labelMax      = 90
	constraintMax = 120
)

// label abbreviates an event: !message to a role, ?message from a role, with its
// constraint in brackets.
func label(d syntax.Def) string {
	var what string
	var guard, effect syntax.Cons
	switch d := d.(type) {
	case *syntax.Send:
		what, guard = "!"+syntax.Text(d.Message)+" to "+roleName(d.To), d.Guard
	case *syntax.Receive:
		what, guard, effect = "?"+syntax.Text(d.Message)+" from "+roleName(d.From), d.Guard, d.Effect
	case *syntax.Null:
		guard = d.Guard
	case *syntax.Enter:
		guard = d.Guard
	case *syntax.Do:
		guard, effect = d.Guard, d.Goal
	}
	parts := []string{text.Snip(what, labelMax, "...")}
	if guard != nil {
		parts = append(parts, "["+text.Snip(syntax.Text(guard), constraintMax, "...")+"]")
	}
	if effect != nil {
		parts = append(parts, "/ "+text.Snip(syntax.Text(effect), constraintMax, "..."))
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func roleName(a *syntax.Agent) string {
	if role, ok := a.Role.(*syntax.Const); ok {
		return role.Name
	}
	return syntax.Text(a.Role)
}

// Speech lists the messages that one role sends to another.
type Speech struct {
	From, To string
	Messages []string // names, in the order of the text
}

// Speeches returns the messages between roles, in text order.
func Speeches(file *syntax.File) (list []Speech) {
	at := map[string]int{}
	for _, item := range file.Items {
		clause, ok := item.(*syntax.Clause)
		if !ok {
			continue
		}
		from := roleName(clause.Agent)
		syntax.Walk(clause.Body, func(d syntax.Def) {
			send, ok := d.(*syntax.Send)
			if !ok {
				return
			}
			to, message := roleName(send.To), messageName(send.Message)
			key := fmt.Sprintf("%s\x00%s", from, to)
			i, known := at[key]
			if !known {
				i = len(list)
				at[key] = i
				list = append(list, Speech{From: from, To: to})
			}
			for _, said := range list[i].Messages {
				if said == message {
					return
				}
			}
			list[i].Messages = append(list[i].Messages, message)
		})
	}
	return list
}

func messageName(t syntax.Term) string {
	if c, ok := t.(*syntax.Const); ok {
		return c.Name
	}
	return syntax.Text(t)
}
