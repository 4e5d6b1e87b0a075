package check

import "parley/lcc/syntax"

// This file finds branches of a choice that are never taken: one before them can always happen,
// at once.

// neverTaken reports the first branch that stands behind one which can always happen. has are
// the variables that are bound before the choice.
func neverTaken(cc *clauseCheck, d *syntax.Or, has *bound) {
	for i, branch := range d.Branches[:len(d.Branches)-1] {
		at := alwaysHappens(branch, has)
		if enter, ok := at.(*syntax.Enter); at == nil || ok && syntax.Text(enter.Agent.Role) == syntax.Text(cc.role) {
			continue // that a role enters itself at once is reported anyway
		}
		cc.report(CodeNeverTaken, Warning, d.Branches[i+1].Pos(),
			`let the branch without a constraint stand last, or say when it is taken: <- ...`,
			"this branch is never taken: %s in %s can always happen, and the first branch that can happen is taken",
			syntax.Short(syntax.Text(at), 40), at.Pos().Place())
		return
	}
}

// alwaysHappens returns the event with which a definition can begin whatever is known and
// whoever is there, or nil.
func alwaysHappens(d syntax.Def, has *bound) syntax.Def {
	for _, first := range beginnings(d) {
		if holdsAlways(first) && addressed(first, has) {
			return first
		}
	}
	return nil
}

// holdsAlways reports whether an event has no constraint that may keep it.
func holdsAlways(d syntax.Def) bool {
	switch d.(type) {
	case *syntax.Null, *syntax.Send, *syntax.Enter:
	default:
		return false // a message may not come, an action may fail
	}
	for _, cons := range syntax.Constraints(d) {
		for _, part := range conjuncts(cons) {
			call, ok := part.(*syntax.Call)
			if !ok || !certain(call.Goal) {
				return false
			}
		}
	}
	return true
}

// certain reports whether a constraint holds whatever is known: true, and what is remembered.
func certain(goal *syntax.Const) bool {
	if goal.Name == "k" && len(goal.Args) == 1 {
		_, fact := goal.Args[0].(*syntax.Const)
		return fact
	}
	return goal.Name == "true" && len(goal.Args) == 0
}

// addressed reports whether it is known before the event to whom a message goes: nobody has to
// be found who plays a role.
func addressed(d syntax.Def, has *bound) bool {
	send, ok := d.(*syntax.Send)
	if !ok {
		return true
	}
	switch id := send.To.ID.(type) {
	case *syntax.Var:
		return has.has(id.Name)
	case *syntax.Const, *syntax.Str:
		return true
	}
	return false
}
