package check

import "parley/lcc/syntax"

// bound is a set of bound variables. A branch has a set of its own on top of the
// enclosing one, so that the cost of a text grows with the sum of its branches and
// variables, not with their product.
type bound struct {
	own   map[string]bool
	outer *bound
}

func newBound() *bound { return &bound{own: map[string]bool{}} }

func (b *bound) has(name string) bool {
	for ; b != nil; b = b.outer {
		if b.own[name] {
			return true
		}
	}
	return false
}

func (b *bound) set(name string) { b.own[name] = true }

func (b *bound) bind(terms ...syntax.Term) {
	for _, name := range syntax.Variables(terms...) {
		b.set(name)
	}
}

// within returns a set for a branch: it sees everything bound here, and its own
// bindings.
func (b *bound) within() *bound { return &bound{own: map[string]bool{}, outer: b} }

// keep removes from a branch the variables that another branch does not bind.
func (b *bound) keep(other *bound) {
	for name := range b.own {
		if !other.has(name) {
			delete(b.own, name)
		}
	}
}

// add adds the bindings of a branch; a nil branch has none.
func (b *bound) add(branch *bound) {
	if branch == nil {
		return
	}
	for name := range branch.own {
		b.own[name] = true
	}
}
