package lcc

// deref follows bound variables to a value or to an unbound variable.
func deref(t Term) Term {
	for {
		v, ok := t.(*Var)
		if !ok || v.bound == nil {
			return t
		}
		t = v.bound
	}
}

// trail remembers which variables were bound, so that a branch that failed
// leaves nothing behind.
type trail struct{ vars []*Var }

func (tr *trail) bind(v *Var, t Term) {
	v.bound = t
	tr.vars = append(tr.vars, v)
}

// undo frees the variables that were bound since the trail had this length.
func (tr *trail) undo(length int) {
	for i := len(tr.vars) - 1; i >= length; i-- {
		tr.vars[i].bound = nil
		tr.vars[i] = nil
	}
	tr.vars = tr.vars[:length]
}

// pair is two terms that must be made equal.
type pair struct{ a, b Term }

// unify makes two terms equal by binding variables, which it notes on the
// trail; on false the caller undoes. It does not recurse: an explicit stack of
// pairs bounds what hostile terms may cost, and every pair is charged. Int and
// Float unify when they are the same number of the same type; a String never
// unifies with an Atom, but see samePeer. A binding that would make a term
// contain itself fails.
func (m *meter) unify(tr *trail, a, b Term) bool {
	stack := m.pairs[:0]
	defer func() { m.pairs = stack[:0] }()
	stack = append(stack, pair{a, b})
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		m.step()
		x, y := deref(p.a), deref(p.b)
		if x == y {
			continue
		}
		if v, ok := x.(*Var); ok {
			if !m.bindChecked(tr, v, y) {
				return false
			}
			continue
		}
		if v, ok := y.(*Var); ok {
			if !m.bindChecked(tr, v, x) {
				return false
			}
			continue
		}
		cx, okx := x.(*Compound)
		cy, oky := y.(*Compound)
		if !okx || !oky || cx.Functor != cy.Functor || len(cx.Args) != len(cy.Args) {
			return false
		}
		for i := len(cx.Args) - 1; i >= 0; i-- {
			stack = append(stack, pair{cx.Args[i], cy.Args[i]})
		}
	}
	return true
}

func (m *meter) bindChecked(tr *trail, v *Var, t Term) bool {
	if c, ok := t.(*Compound); ok && m.occurs(v, c) {
		return false
	}
	tr.bind(v, t)
	return true
}

// occurs says whether a variable stands in a term.
func (m *meter) occurs(v *Var, t Term) bool {
	stack := m.terms[:0]
	defer func() { m.terms = stack[:0] }()
	stack = append(stack, t)
	for len(stack) > 0 {
		top := deref(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		m.step()
		switch top := top.(type) {
		case *Var:
			if top == v {
				return true
			}
		case *Compound:
			stack = append(stack, top.Args...)
		}
	}
	return false
}

// Equal says whether two terms are the same: without binding anything. An Int
// never equals a Float.
func Equal(a, b Term) bool {
	stack := []pair{{a, b}}
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := deref(p.a), deref(p.b)
		if x == y {
			continue
		}
		cx, okx := x.(*Compound)
		cy, oky := y.(*Compound)
		if !okx || !oky || cx.Functor != cy.Functor || len(cx.Args) != len(cy.Args) {
			return false
		}
		for i := range cx.Args {
			stack = append(stack, pair{cx.Args[i], cy.Args[i]})
		}
	}
	return true
}
