package lcc

import (
	"fmt"
	"time"
)

// defaultLimits are the values of LCC.md 2.13 and what goes with them.
var defaultLimits = Limits{
	StepsPerEvent: 100_000, CellsPerAgent: 100_000, TermDepth: 64,
	StringBytes: 4 << 10, ListItems: 4096, MessageBytes: 16 << 10,
	MailboxMessages: 64, Agents: 100_000, AgentsPerPeer: 256,
	TimeoutMax: 30 * 24 * time.Hour,
}

// withDefaults fills in what is zero and refuses what is negative.
func (l Limits) withDefaults() (Limits, error) {
	for _, f := range []struct {
		name     string
		value    *int
		standard int
	}{
		{"StepsPerEvent", &l.StepsPerEvent, defaultLimits.StepsPerEvent},
		{"CellsPerAgent", &l.CellsPerAgent, defaultLimits.CellsPerAgent},
		{"TermDepth", &l.TermDepth, defaultLimits.TermDepth},
		{"StringBytes", &l.StringBytes, defaultLimits.StringBytes},
		{"ListItems", &l.ListItems, defaultLimits.ListItems},
		{"MessageBytes", &l.MessageBytes, defaultLimits.MessageBytes},
		{"MailboxMessages", &l.MailboxMessages, defaultLimits.MailboxMessages},
		{"Agents", &l.Agents, defaultLimits.Agents},
		{"AgentsPerPeer", &l.AgentsPerPeer, defaultLimits.AgentsPerPeer},
	} {
		if *f.value < 0 {
			return l, fmt.Errorf("limit %s is %d: give a positive number, or 0 for the default", f.name, *f.value)
		}
		if *f.value == 0 {
			*f.value = f.standard
		}
	}
	if l.TimeoutMax < 0 {
		return l, fmt.Errorf("limit TimeoutMax is %v: give a positive duration, or 0 for the default", l.TimeoutMax)
	}
	if l.TimeoutMax == 0 {
		l.TimeoutMax = defaultLimits.TimeoutMax
	}
	return l, nil
}

// fault ends an agent. It is thrown as a panic from wherever in an agent's
// step it is noticed and caught in one place, Engine.run: the agent's state is
// thrown away, so nothing needs to be unwound in between.
type fault struct{ reason Reason }

func throw(code ReasonCode, format string, args ...any) {
	panic(fault{Reason{Code: code, Detail: fmt.Sprintf(format, args...)}})
}

// meter charges what an agent uses in one Step, and holds the scratch space of
// the functions that walk terms without recursion.
type meter struct {
	limits       Limits
	steps, cells int
	pairs        []pair
	terms        []Term
}

func (m *meter) reset() { m.steps, m.cells = 0, 0 }

func (m *meter) step() {
	m.steps++
	if m.steps > m.limits.StepsPerEvent {
		throw(ReasonLimit, "more than %d steps in one event: does a rule or a role call itself for ever?", m.limits.StepsPerEvent)
	}
}

// alloc charges n term cells.
func (m *meter) alloc(n int) {
	m.cells += n
	if m.cells > m.limits.CellsPerAgent {
		throw(ReasonLimit, "more than %d term cells", m.limits.CellsPerAgent)
	}
}

// resolve copies a term with every binding followed, so that it shares nothing
// that a later binding could change. Depth, list length, string length and
// cells are charged. The recursion is bounded by Limits.TermDepth; the spine of
// a list is walked.
func (m *meter) resolve(t Term) Term { return m.resolveAt(t, 0) }

func (m *meter) resolveAt(t Term, depth int) Term {
	m.step()
	t = deref(t)
	switch t := t.(type) {
	case String:
		if len(t) > m.limits.StringBytes {
			throw(ReasonLimit, "a string of more than %d bytes", m.limits.StringBytes)
		}
	case *Compound:
		if depth >= m.limits.TermDepth {
			throw(ReasonLimit, "a term nested deeper than %d", m.limits.TermDepth)
		}
		return m.resolveCompound(t, depth)
	}
	return t
}

func (m *meter) resolveCompound(t *Compound, depth int) Term {
	root := &Compound{Functor: t.Functor, Args: make([]Term, len(t.Args))}
	copied, items := root, 1
	for {
		m.alloc(1 + len(t.Args))
		if t.Functor != Cons || len(t.Args) != 2 {
			for i, arg := range t.Args {
				copied.Args[i] = m.resolveAt(arg, depth+1)
			}
			return root
		}
		if items > m.limits.ListItems {
			throw(ReasonLimit, "a list of more than %d items", m.limits.ListItems)
		}
		copied.Args[0] = m.resolveAt(t.Args[0], depth+1)
		tail, ok := deref(t.Args[1]).(*Compound)
		if !ok || tail.Functor != Cons || len(tail.Args) != 2 {
			copied.Args[1] = m.resolveAt(t.Args[1], depth+1)
			return root
		}
		next := &Compound{Functor: tail.Functor, Args: make([]Term, 2)}
		copied.Args[1] = next
		t, copied = tail, next
		items++
	}
}

// ground says whether a resolved term has no unbound variable.
func (m *meter) ground(t Term) bool {
	stack := m.terms[:0]
	defer func() { m.terms = stack[:0] }()
	stack = append(stack, t)
	for len(stack) > 0 {
		top := deref(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		switch top := top.(type) {
		case *Var:
			return false
		case *Compound:
			stack = append(stack, top.Args...)
		}
	}
	return true
}
