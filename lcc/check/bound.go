package check

import "parley/lcc/syntax"

// bound is a set of variables that have a value. A branch has a set of its own
// within that of what it stands in, so that a text with many branches and many
// variables costs no more than their sum.
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

// within is a set for a branch: all that is here, and what it binds itself.
func (b *bound) within() *bound { return &bound{own: map[string]bool{}, outer: b} }

// keep drops from a branch what another branch does not bind.
func (b *bound) keep(other *bound) {
	for name := range b.own {
		if !other.has(name) {
			delete(b.own, name)
		}
	}
}

// add takes over what a branch bound. A nil branch bound nothing.
func (b *bound) add(branch *bound) {
	if branch == nil {
		return
	}
	for name := range branch.own {
		b.own[name] = true
	}
}
