package lcc

import "fmt"

// This file keeps an engine out of the roles that its host refuses (Options.Refuse). A
// change into such a role behaves like an event whose guard does not hold. So does an
// event that is followed only by such a change: taking it would leave the agent stuck
// for good and break the promise that the event may make (a message that accepts).

// refusing returns the set of refused role names; nil when there are none.
func refusing(names []string) map[string]bool {
	if len(names) == 0 {
		return nil
	}
	refused := map[string]bool{}
	for _, name := range names {
		refused[name] = true
	}
	return refused
}

func refusedRole(name string) Reason {
	return Reason{ReasonRefused, fmt.Sprintf("this host refuses the role %s", name)}
}

// leadsNowhere reports whether only refused roles follow an event. The effect of a
// receive belongs to the receive.
func (l *look) leadsNowhere(n *node) bool {
	if len(l.refused) == 0 || n.kind == nodeEffect || n.after == nil {
		return false
	}
	after := n.after
	if after.kind == nodeEffect && n.kind == nodeReceive {
		after = after.after
	}
	return after != nil && l.refusesAll(after)
}

// refusesAll reports whether a definition can only begin with a change into a refused
// role.
func (l *look) refusesAll(n *node) bool {
	switch n.kind {
	case nodeEnter:
		return n.role.clause != nil && l.refused[n.role.clause.role]
	case nodeOr:
		for _, branch := range n.branches {
			if !l.refusesAll(branch) {
				return false
			}
		}
		return true
	}
	return false
}
