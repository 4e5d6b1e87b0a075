package lcc

import "fmt"

// This file keeps an engine out of the roles that its host refuses
// (Options.Refuse). A change into one is like an event whose guard does not
// hold. So is an event behind which nothing stands but such a change: who took
// it would be stuck for good, and the promise that it may be (a message that
// accepts) would be broken.

// refusing is the set of role names that are refused; nil when none is.
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

// leadsNowhere says whether only refused roles come after an event. What must be
// achieved once a message is taken belongs to taking it.
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

// refusesAll says whether a definition can begin with nothing but a change into
// a refused role.
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
