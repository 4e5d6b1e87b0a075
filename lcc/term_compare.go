package lcc

import "cmp"

// Compare orders any two terms: variables, then numbers by value (a Float before an Int
// of the same value), the empty list, atoms and strings by their bytes, and compound terms
// by arity, functor and arguments from left to right. It returns 0 exactly when Equal is
// true, except for two unbound variables, which it orders by name only. The recursion is as
// deep as the terms are nested; the spine of a list does not count.
func Compare(a, b Term) int {
	for {
		a, b = deref(a), deref(b)
		if order := cmp.Compare(rank(a), rank(b)); order != 0 {
			return order
		}
		x, ok := a.(*Compound)
		if !ok {
			return compareAtomic(a, b)
		}
		y := b.(*Compound)
		if x == y {
			return 0
		}
		if order := cmp.Or(cmp.Compare(len(x.Args), len(y.Args)), cmp.Compare(x.Functor, y.Functor)); order != 0 {
			return order
		}
		last := len(x.Args) - 1
		for i := range last {
			if order := Compare(x.Args[i], y.Args[i]); order != 0 {
				return order
			}
		}
		a, b = x.Args[last], y.Args[last]
	}
}

func rank(t Term) int {
	switch t.(type) {
	case *Var:
		return 0
	case Int, Float:
		return 1
	case Atom, String:
		if t == Nil {
			return 2
		}
		return 3
	}
	return 4
}

func compareAtomic(a, b Term) int {
	switch x := a.(type) {
	case *Var:
		return cmp.Compare(x.Name, b.(*Var).Name)
	case Atom, String:
		text, _ := textOf(a)
		other, _ := textOf(b)
		return cmp.Compare(text, other)
	}
	if order := compareNumbers(numberOf(a), numberOf(b)); order != 0 {
		return order
	}
	_, floatA := a.(Float)
	_, floatB := b.(Float)
	switch {
	case floatA && !floatB:
		return -1
	case floatB && !floatA:
		return 1
	}
	return 0
}
