package main

import "parley/lcc/syntax"

// restingRoles are the roles of a text that wait for a time and for nothing else: their
// clauses are null events in a row, one of them with a timeout, and a change of role.
func restingRoles(text []byte) map[string]bool {
	file, faults := syntax.Parse("policy", text)
	if len(faults) > 0 {
		return nil
	}
	list := map[string]bool{}
	for _, item := range file.Items {
		clause, ok := item.(*syntax.Clause)
		if !ok {
			continue
		}
		role, ok := clause.Agent.Role.(*syntax.Const)
		waits, other := false, !ok
		syntax.Walk(clause.Body, func(d syntax.Def) {
			switch d := d.(type) {
			case *syntax.Then, *syntax.Enter:
			case *syntax.Null:
				syntax.WalkCons(d.Guard, func(c syntax.Cons) {
					call, ok := c.(*syntax.Call)
					waits = waits || ok && call.Goal.Name == "timeout"
				})
			default:
				other = true
			}
		})
		if waits && !other {
			list[role.Name] = true
		}
	}
	return list
}
