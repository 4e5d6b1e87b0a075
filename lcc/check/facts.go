package check

import (
	"slices"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// factKinds returns what the facts of a text say of predicates that it neither declares nor
// has a rule for: an argument that is a literal of one kind in all of them has this type.
func factKinds(file *syntax.File) map[key][]vocabulary.Param {
	found, ruled := map[key][]vocabulary.Param{}, map[key]bool{}
	for _, item := range file.Items {
		rule, ok := item.(*syntax.Rule)
		if !ok {
			continue
		}
		k := key{rule.Head.Name, len(rule.Head.Args)}
		if rule.Body != nil {
			ruled[k] = true
			continue
		}
		params, again := found[k]
		if !again {
			params = make([]vocabulary.Param, k.arity)
		}
		for i, arg := range rule.Head.Args {
			kind := kindOf(arg)
			switch {
			case !again:
				params[i] = vocabulary.Param{Name: k.name, Type: kind}
			case kind == "" || !alike(kind, params[i].Type):
				params[i].Type = ""
			}
		}
		found[k] = params
	}
	for k, params := range found {
		if ruled[k] || !slices.ContainsFunc(params, func(p vocabulary.Param) bool { return p.Type != "" }) {
			delete(found, k)
		}
	}
	return found
}

// ofFacts notes of which kind the facts of a text make the variables of a goal.
func (k kinds) ofFacts(goal *syntax.Const) {
	for i, p := range k.words.facts[key{goal.Name, len(goal.Args)}] {
		if v, ok := goal.Args[i].(*syntax.Var); ok && p.Type != "" {
			k.variable(v, p)
			k.known[v.Name] = origin{key{goal.Name, len(goal.Args)}, i}
			k.factShare(v.Name, k.units[v.Name], v.Name)
		}
	}
}
