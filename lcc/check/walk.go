package check

import (
	"maps"
	"slices"

	"parley/internal/spell"
	"parley/lcc/syntax"
)

// This file walks syntax trees. The parser limits the nesting of parentheses, which
// bounds the recursion; sequences are walked in a loop.

// firstOf returns the event or group at the beginning of a definition.
func firstOf(d syntax.Def) syntax.Def {
	for {
		then, ok := d.(*syntax.Then)
		if !ok {
			return d
		}
		d = then.First
	}
}

// beginnings returns the possible first events of a definition, including those of the
// choices at its beginning.
func beginnings(d syntax.Def) []syntax.Def {
	d = firstOf(d)
	var branches []syntax.Def
	switch at := d.(type) {
	case *syntax.Or:
		branches = at.Branches
	case *syntax.Par:
		branches = at.Branches
	default:
		return []syntax.Def{d}
	}
	var list []syntax.Def
	for _, b := range branches {
		list = append(list, beginnings(b)...)
	}
	return list
}

// conjuncts returns the parts of a conjunction.
func conjuncts(cons syntax.Cons) []syntax.Cons {
	if and, ok := cons.(*syntax.And); ok {
		return and.Parts
	}
	return []syntax.Cons{cons}
}

// uses counts the variables of terms and records the first position of each.
type uses struct {
	count map[string]int
	at    map[string]syntax.Position

	sorted, others []string // see names, and like
}

func newUses() *uses { return &uses{count: map[string]int{}, at: map[string]syntax.Position{}} }

func (u *uses) terms(terms ...syntax.Term) {
	syntax.WalkTerms(func(t syntax.Term) {
		if v, ok := t.(*syntax.Var); ok {
			if u.count[v.Name]++; u.count[v.Name] == 1 {
				u.at[v.Name] = v.Pos()
			}
		}
	}, terms...)
}

// wildcardIn returns the first _ of a term, or nil.
func wildcardIn(t syntax.Term) (first syntax.Term) {
	syntax.WalkTerms(func(part syntax.Term) {
		if _, ok := part.(*syntax.Wildcard); ok && first == nil {
			first = part
		}
	}, t)
	return first
}

func (u *uses) cons(cons syntax.Cons) {
	syntax.WalkCons(cons, func(c syntax.Cons) {
		switch c := c.(type) {
		case *syntax.Compare:
			u.terms(c.Left, c.Right)
		case *syntax.Call:
			u.terms(c.Goal.Args...)
		}
	})
}

// event counts the variables of one event.
func (u *uses) event(d syntax.Def) {
	switch d := d.(type) {
	case *syntax.Send:
		u.terms(d.Message, d.To.Role, d.To.ID)
	case *syntax.Receive:
		u.terms(d.Message, d.From.Role, d.From.ID)
	case *syntax.Enter:
		u.terms(d.Agent.Role, d.Agent.ID)
	}
	for _, cons := range syntax.Constraints(d) {
		u.cons(cons)
	}
}

// likeFrom is how many letters a variable has at least that is taken for another one.
const likeFrom = 3

// like returns the variable that a name is most likely a misspelling of; "" for none.
func (u *uses) like(name string) string {
	if len(name) < likeFrom {
		return ""
	}
	u.others = u.others[:0]
	for _, other := range u.names() {
		if other != name && other[0] != '_' && len(other) >= likeFrom {
			u.others = append(u.others, other)
		}
	}
	return spell.Nearest(name, u.others)
}

// names returns the names of the variables, sorted.
func (u *uses) names() []string {
	if len(u.sorted) != len(u.count) { // a name is never taken away
		u.sorted = slices.Sorted(maps.Keys(u.count))
	}
	return u.sorted
}
