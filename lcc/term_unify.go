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

// trail records which variables were bound, so that the bindings of a failed branch can
// be undone.
type trail struct{ bound []binding }

// binding is a variable, or a slot of a frame that had no variable yet.
type binding struct {
	v    *Var
	f    *frame
	slot slot
}

func (tr *trail) bind(v *Var, t Term) {
	v.bound = t
	tr.bound = append(tr.bound, binding{v: v})
}

// fill sets an empty slot without creating a variable first.
func (tr *trail) fill(f *frame, s slot, t Term) {
	f.vars[s] = t
	tr.bound = append(tr.bound, binding{f: f, slot: s})
}

// undo undoes the bindings that were made since the trail had this length.
func (tr *trail) undo(length int) {
	for i := len(tr.bound) - 1; i >= length; i-- {
		b := &tr.bound[i]
		if b.v != nil {
			b.v.bound = nil
		} else {
			b.f.vars[b.slot] = nil
		}
		*b = binding{}
	}
	tr.bound = tr.bound[:length]
}

// forget empties the trail and keeps the bindings.
func (tr *trail) forget() {
	clear(tr.bound)
	tr.bound = tr.bound[:0]
}

// pair is two terms to unify.
type pair struct{ a, b Term }

// unify unifies two terms by binding variables, which it records on the trail; on false
// the caller undoes them. It uses an explicit stack of pairs, which bounds the cost of
// hostile terms, and charges every pair. Int and Float unify when they are the same
// number of the same type, a String and an Atom when they are spelled alike. A binding that would make a term contain itself fails.
func (m *meter) unify(tr *trail, a, b Term) bool { return m.unifyTerms(tr, a, b, true) }

// unifyTerms is unify. check may be false when one of the terms is ground, because then
// no binding can make a term contain itself.
func (m *meter) unifyTerms(tr *trail, a, b Term, check bool) bool {
	stack := append(m.pairs[:0], pair{a, b})
	ok := true
	for ok && len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		m.step()
		x, y := deref(p.a), deref(p.b)
		if x == y {
			continue
		}
		if v, isVar := x.(*Var); isVar {
			ok = m.bindChecked(tr, v, y, check)
			continue
		}
		if v, isVar := y.(*Var); isVar {
			ok = m.bindChecked(tr, v, x, check)
			continue
		}
		cx, okx := x.(*Compound)
		cy, oky := y.(*Compound)
		if !okx && !oky {
			ok = sameAtomic(x, y)
			continue
		}
		if !okx || !oky || cx.Functor != cy.Functor || len(cx.Args) != len(cy.Args) {
			ok = false
			continue
		}
		for i := len(cx.Args) - 1; i >= 0; i-- {
			stack = append(stack, pair{cx.Args[i], cy.Args[i]})
		}
	}
	m.pairs = stack[:0]
	return ok
}

func (m *meter) bindChecked(tr *trail, v *Var, t Term, check bool) bool {
	if c, ok := t.(*Compound); ok && check && m.occurs(v, c) {
		return false
	}
	tr.bind(v, t)
	return true
}

// occurs reports whether a variable occurs in a term.
func (m *meter) occurs(v *Var, t Term) bool {
	stack := append(m.terms[:0], t)
	found := false
	for !found && len(stack) > 0 {
		top := deref(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		m.step()
		switch top := top.(type) {
		case *Var:
			found = top == v
		case *Compound:
			stack = append(stack, top.Args...)
		}
	}
	m.terms = stack[:0]
	return found
}

// match unifies a template with a term without instantiating the template first; every
// message and every rule head takes this path. ground says that the term has no
// variables. The recursion is as deep as the text is nested.
func (m *meter) match(tr *trail, template Term, f *frame, t Term, ground bool) bool {
	m.step()
	switch template := template.(type) {
	case slot:
		if f.vars[template] == nil {
			tr.fill(f, template, deref(t))
			return true
		}
		return m.unifyTerms(tr, f.vars[template], t, !ground)
	case void:
		return true
	case Atom, Int, Float, String:
		value := deref(t)
		if v, open := value.(*Var); open {
			tr.bind(v, template)
			return true
		}
		return sameAtomic(value, template)
	case *pattern:
		switch t := deref(t).(type) {
		case *Compound:
			if t.Functor != template.functor || len(t.Args) != len(template.args) {
				return false
			}
			for i, arg := range template.args {
				if !m.match(tr, arg, f, t.Args[i], ground) {
					return false
				}
			}
			return true
		case *Var:
			return m.bindChecked(tr, t, m.term(template, f), true)
		}
		return false
	}
	return m.unifyTerms(tr, template, t, !ground)
}

func (m *meter) matchAll(tr *trail, templates []Term, f *frame, terms []Term, ground bool) bool {
	if len(templates) != len(terms) {
		return false
	}
	for i, template := range templates {
		if !m.match(tr, template, f, terms[i], ground) {
			return false
		}
	}
	return true
}

// Equal reports whether two terms are the same, without binding anything. An Int never
// equals a Float; a String equals an Atom that is spelled alike.
func Equal(a, b Term) bool {
	var space [8]pair
	stack := append(space[:0], pair{a, b})
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := deref(p.a), deref(p.b)
		if x == y {
			continue
		}
		cx, okx := x.(*Compound)
		cy, oky := y.(*Compound)
		if !okx && !oky && sameAtomic(x, y) {
			continue
		}
		if !okx || !oky || cx.Functor != cy.Functor || len(cx.Args) != len(cy.Args) {
			return false
		}
		for i := range cx.Args {
			stack = append(stack, pair{cx.Args[i], cy.Args[i]})
		}
	}
	return true
}
