package lcc

import "fmt"

// fault ends an agent. It is thrown as a panic; Engine.guard catches it and ends the
// agent with its whole state, so nothing has to be unwound. solver.filter and
// caught also catch faults, without ending an agent.
type fault struct{ reason Reason }

// caught is deferred where a fault is an answer. It does not catch another panic.
func caught(answer func(Reason)) {
	switch r := recover().(type) {
	case nil:
	case fault:
		answer(r.reason)
	default:
		panic(r)
	}
}

func throw(code ReasonCode, format string, args ...any) {
	for i, arg := range args {
		if t, ok := arg.(Term); ok {
			args[i] = brief(t) // a term within its limits may still print as megabytes of text
		}
	}
	panic(fault{Reason{Code: code, Detail: fmt.Sprintf(format, args...)}})
}

// meter charges what an agent uses in one Step, and holds scratch space for the
// functions that walk terms without recursion. A failed branch gives back its cells,
// but not its steps.
type meter struct {
	limits       Limits
	steps, cells int
	before       uint64 // steps charged before the last reset
	looks        uint64
	reused       uint64 // steps charged for solutions of tables
	uncharged    uint64 // steps taken and not charged, because a solution of a table is
	pairs        []pair
	terms        []Term
	items        []Term // of the list that a built-in works on
}

func (m *meter) reset() {
	m.before += uint64(m.steps)
	m.steps, m.cells = 0, 0
}

// spent returns the total of steps ever charged.
func (m *meter) spent() uint64 { return m.before + uint64(m.steps) }

func (m *meter) step() {
	if m.steps++; m.steps > m.limits.StepsPerEvent {
		m.tooLong()
	}
}

// work returns what was done since New.
func (m *meter) work() Work { return Work{Looks: m.looks, Steps: m.spent() + m.uncharged - m.reused} }

// charge charges n steps.
func (m *meter) charge(n int) {
	if m.steps += n; m.steps > m.limits.StepsPerEvent {
		m.tooLong()
	}
}

// alloc charges n term cells.
func (m *meter) alloc(n int) {
	if m.cells += n; m.cells > m.limits.CellsPerAgent {
		m.tooLarge()
	}
}

// Both are separate functions so that the two above can be inlined.
//
//go:noinline
func (m *meter) tooLong() {
	throw(ReasonLimit, "more than %d steps in one event: does a rule or a role call itself for ever?", m.limits.StepsPerEvent)
}

//go:noinline
func (m *meter) tooLarge() {
	throw(ReasonLimit, "more than %d term cells in one event", m.limits.CellsPerAgent)
}

// resolve copies a term with every binding followed, so that it shares nothing that a
// later binding could change. It does not copy a term without variables. It charges
// depth, list length, string length and cells. Limits.TermDepth bounds the recursion;
// the spine of a list is walked in a loop.
func (m *meter) resolve(t Term) Term {
	t = deref(t)
	if c, ok := t.(*Compound); ok && m.plain(c, 0) {
		return c
	}
	return m.resolveAt(t, 0)
}

// resolved is resolve, and also reports whether the term is ground.
func (m *meter) resolved(t Term) (Term, bool) {
	t = deref(t)
	if c, ok := t.(*Compound); ok && m.plain(c, 0) {
		return c, true
	}
	t = m.resolveAt(t, 0)
	return t, m.ground(t)
}

// plain reports whether a term has no variables, bound or not.
func (m *meter) plain(t Term, depth int) bool {
	m.step()
	switch t.(type) {
	case Atom, Int, Float:
		return true
	}
	c, ok := t.(*Compound)
	if !ok {
		if _, isVar := t.(*Var); isVar {
			return false
		}
		return m.resolveAt(t, depth) == t
	}
	if depth >= m.limits.TermDepth {
		throw(ReasonLimit, "a term nested deeper than %d", m.limits.TermDepth)
	}
	for items := 0; ; {
		for _, arg := range c.Args[:len(c.Args)-1] {
			if !m.plain(arg, depth+1) {
				return false
			}
		}
		last := c.Args[len(c.Args)-1]
		tail, ok := last.(*Compound)
		if !ok || c.Functor != Cons || len(c.Args) != 2 || tail.Functor != Cons || len(tail.Args) != 2 {
			return m.plain(last, depth+1)
		}
		if items++; items >= m.limits.ListItems {
			throw(ReasonLimit, "a list of more than %d items", m.limits.ListItems)
		}
		c = tail
		m.step()
	}
}

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
	root := newCompound(t.Functor, len(t.Args))
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
		next := newCompound(tail.Functor, 2)
		copied.Args[1] = next
		t, copied = tail, next
		items++
	}
}

// ground reports whether a term has no unbound variables.
func (m *meter) ground(t Term) bool {
	switch t := deref(t).(type) {
	case *Var:
		return false
	case *Compound:
		stack := append(m.terms[:0], t)
		ground := true
		for ground && len(stack) > 0 {
			top := deref(stack[len(stack)-1])
			stack = stack[:len(stack)-1]
			m.step()
			switch top := top.(type) {
			case *Var:
				ground = false
			case *Compound:
				stack = append(stack, top.Args...)
			}
		}
		m.terms = stack[:0]
		return ground
	}
	return true
}

// seal prepares a resolved term to leave the engine: it replaces each unbound variable
// by a new one that is never bound.
func (m *meter) seal(t Term) Term {
	if m.ground(t) {
		return t
	}
	return rename(t, map[*Var]Term{})
}

// rename copies a resolved term with other variables. Size and depth were checked when
// the term was resolved or admitted. The recursion follows lists item by item, which
// Limits.ListItems bounds.
func rename(t Term, fresh map[*Var]Term) Term {
	switch t := deref(t).(type) {
	case *Var:
		if fresh[t] == nil {
			fresh[t] = &Var{Name: t.Name}
		}
		return fresh[t]
	case *Compound:
		c := &Compound{Functor: t.Functor, Args: make([]Term, len(t.Args))}
		for i, arg := range t.Args {
			c.Args[i] = rename(arg, fresh)
		}
		return c
	default:
		return t
	}
}
