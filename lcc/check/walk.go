package check

import (
	"maps"
	"slices"

	"parley/lcc/syntax"
)

// This file walks trees. It recurses as deep as their parentheses nest, which
// the parser has limited; sequences are walked.

// firstOf returns the event or group that a definition begins with.
func firstOf(d syntax.Def) syntax.Def {
	for {
		then, ok := d.(*syntax.Then)
		if !ok {
			return d
		}
		d = then.First
	}
}

// beginnings returns the events that a definition can begin with, through the
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

// uses counts the variables of terms, and where each stands first.
type uses struct {
	count map[string]int
	at    map[string]syntax.Position
}

func newUses() *uses { return &uses{map[string]int{}, map[string]syntax.Position{}} }

func (u *uses) terms(terms ...syntax.Term) {
	for _, t := range terms {
		switch t := t.(type) {
		case *syntax.Var:
			if u.count[t.Name]++; u.count[t.Name] == 1 {
				u.at[t.Name] = t.Pos()
			}
		case *syntax.Const:
			u.terms(t.Args...)
		case *syntax.ListTerm:
			u.terms(t.Items...)
			u.terms(t.Tail)
		}
	}
}

// wildcardIn returns the first _ of a term, nil where there is none.
func wildcardIn(t syntax.Term) syntax.Term {
	var parts []syntax.Term
	switch t := t.(type) {
	case *syntax.Wildcard:
		return t
	case *syntax.Const:
		parts = t.Args
	case *syntax.ListTerm:
		if parts = t.Items; t.Tail != nil {
			parts = append(parts[:len(parts):len(parts)], t.Tail)
		}
	}
	for _, part := range parts {
		if found := wildcardIn(part); found != nil {
			return found
		}
	}
	return nil
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

// names returns the variables in the order of their names.
func (u *uses) names() []string { return slices.Sorted(maps.Keys(u.count)) }
