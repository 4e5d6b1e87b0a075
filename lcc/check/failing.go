package check

import (
	"slices"

	"parley/lcc/syntax"
)

// This file finds waits that only actions can end. An action may fail, such as a
// migration, and is not requested again until something has changed: a role that has no
// other way out then stays where it is.

// failing reports a definition that waits for actions alone. d is where a wait begins:
// an event, or a choice with all its branches.
func (cc *clauseCheck) failing(d syntax.Def) {
	if cc.host == nil {
		return
	}
	first := beginnings(d)
	rests := cc.first && cc.initial[cc.role.Name] // an agent may always rest where it begins
	if !rests && !slices.ContainsFunc(first, func(d syntax.Def) bool { return cc.actionOf(d) == "" }) {
		cc.stays(first[0], cc.actionOf(first[0]))
		return
	}
	// The message is taken by then, and with it went the other branches.
	for _, d := range first {
		if receive, ok := d.(*syntax.Receive); ok && receive.Effect != nil {
			if action := cc.requested(receive.Effect); action != "" {
				cc.stays(d, action)
			}
		}
	}
}

func (cc *clauseCheck) stays(d syntax.Def, action string) {
	cc.report(codeFailing, Warning, d.Pos(),
		"make it a choice with a branch for the failure, which may tell the partner: or (null <- timeout(60))",
		"role %s waits here for ever when %s fails", cc.role.Name, action)
}

// actionOf returns the action without which an event does not happen; "" for none.
func (cc *clauseCheck) actionOf(d syntax.Def) string {
	if receive, ok := d.(*syntax.Receive); ok {
		return cc.requested(receive.Guard)
	}
	for _, cons := range syntax.Constraints(d) {
		if action := cc.requested(cons); action != "" {
			return action
		}
	}
	return ""
}

// requested returns the first action of a constraint that may fail. An action stands
// only as a part of an event's own constraint (codeMisplaced), so all of them have to
// succeed. One that is answered at once, such as a note, does not fail.
func (cc *clauseCheck) requested(cons syntax.Cons) string {
	switch cons := cons.(type) {
	case *syntax.And:
		for _, part := range cons.Parts {
			if action := cc.requested(part); action != "" {
				return action
			}
		}
	case *syntax.Call:
		k := key{cons.Goal.Name, len(cons.Goal.Args)}
		if s, known := cc.host.Lookup(k.name, k.arity); known && s.Acts && !s.AtOnce {
			return nameArity(k)
		}
	}
	return ""
}
