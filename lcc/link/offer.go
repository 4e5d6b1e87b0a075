package link

import (
	"slices"
	"strings"

	"parley/lcc/check"
	"parley/lcc/syntax"
)

// Offer completes findings about roles and constraints that a text does not have: where a
// shipped library exports one, the hint says which to import.
func Offer(found []check.Diagnostic, from Sources) {
	var shipped map[check.Missing][]string
	for i := range found {
		d := &found[i]
		if d.Missing == (check.Missing{}) {
			continue
		}
		if shipped == nil {
			shipped = exported(from)
		}
		if having := shipped[d.Missing]; len(having) > 0 {
			d.Hint = "a library has it: write @import(" + strings.Join(having, ") or @import(") + ")"
		}
	}
}

// exported returns the shipped libraries by what they export.
func exported(from Sources) map[check.Missing][]string {
	by := map[check.Missing][]string{}
	if from.Shipped == nil {
		return by
	}
	for _, library := range from.Names {
		text, _ := from.Shipped(library)
		file, _ := syntax.Parse(library, text)
		if file == nil {
			continue
		}
		names, _ := listed(file, "exports", func(syntax.Position, string, string, ...any) {})
		for _, item := range file.Items {
			has, ok := definition(item)
			exports := slices.ContainsFunc(names, func(n name) bool { return n.text == has.Name && n.arity == has.Arity })
			if ok && exports && !slices.Contains(by[has], library) {
				by[has] = append(by[has], library)
			}
		}
	}
	return by
}

// definition is the role or the predicate that an item defines, as one that is missing elsewhere.
func definition(item syntax.Item) (check.Missing, bool) {
	switch item := item.(type) {
	case *syntax.Clause:
		if role, ok := item.Agent.Role.(*syntax.Const); ok {
			return check.Missing{Role: true, Name: role.Name, Arity: len(role.Args)}, true
		}
	case *syntax.Rule:
		return check.Missing{Name: item.Head.Name, Arity: len(item.Head.Args)}, true
	}
	return check.Missing{}, false
}
