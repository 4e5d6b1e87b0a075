package syntax

import (
	"maps"
	"slices"
)

// Walk visits a definition and all its parts in text order. The parser limits the
// nesting of parentheses, which bounds the recursion; sequences are walked in a loop.
func Walk(d Def, visit func(Def)) {
	for {
		visit(d)
		var branches []Def
		switch at := d.(type) {
		case *Then:
			Walk(at.First, visit)
			d = at.Rest
			continue
		case *Or:
			branches = at.Branches
		case *Par:
			branches = at.Branches
		}
		for _, b := range branches {
			Walk(b, visit)
		}
		return
	}
}

// WalkCons visits a constraint and all its parts.
func WalkCons(cons Cons, visit func(Cons)) {
	visit(cons)
	var parts []Cons
	switch cons := cons.(type) {
	case *And:
		parts = cons.Parts
	case *Disj:
		parts = cons.Parts
	case *Not:
		parts = []Cons{cons.Part}
	}
	for _, part := range parts {
		WalkCons(part, visit)
	}
}

// Collected returns the constraint whose solutions a call of findall collects; nil for
// any other call, and where the argument is no constraint.
func Collected(call *Const) Cons {
	if call.Name != "findall" || len(call.Args) != 3 {
		return nil
	}
	switch goal := call.Args[1].(type) {
	case *Goal:
		return goal.Cons
	case *Const:
		return &Call{Position: goal.Pos(), Goal: goal}
	}
	return nil
}

// Constraints returns the constraints of an event.
func Constraints(d Def) (list []Cons) {
	add := func(all ...Cons) {
		for _, cons := range all {
			if cons != nil {
				list = append(list, cons)
			}
		}
	}
	switch d := d.(type) {
	case *Null:
		add(d.Guard)
	case *Send:
		add(d.Guard)
	case *Receive:
		add(d.Guard, d.Effect)
	case *Enter:
		add(d.Guard)
	case *Do:
		add(d.Guard, d.Goal)
	}
	return list
}

// WalkTerms visits terms and all their parts in text order.
func WalkTerms(visit func(Term), terms ...Term) {
	for _, t := range terms {
		visit(t)
		switch t := t.(type) {
		case *Const:
			WalkTerms(visit, t.Args...)
		case *ListTerm:
			WalkTerms(visit, t.Items...)
			if t.Tail != nil {
				WalkTerms(visit, t.Tail)
			}
		case *Goal:
			WalkCons(t.Cons, func(part Cons) {
				switch part := part.(type) {
				case *Compare:
					WalkTerms(visit, part.Left, part.Right)
				case *Call:
					WalkTerms(visit, part.Goal)
				}
			})
		}
	}
}

// Variables returns the distinct names of the variables in terms, sorted.
func Variables(terms ...Term) []string {
	seen := map[string]bool{}
	WalkTerms(func(t Term) {
		if v, ok := t.(*Var); ok {
			seen[v.Name] = true
		}
	}, terms...)
	return slices.Sorted(maps.Keys(seen))
}
