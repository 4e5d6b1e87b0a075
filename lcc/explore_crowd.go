package lcc

import "strings"

// This file says of which roles several agents are played.

// crowds are the searches with several agents of a role.
type crowds struct{ together }

// play plays two and three agents of each role that the text addresses as many.
func (c crowds) play(roles cast, work int) {
	many := c.addressed()
	var names []string
	for _, r := range roles {
		if many[r.role] && r.cardinality.max != 1 {
			names = append(names, r.role)
		}
	}
	if len(names) == 0 {
		return
	}
	what := "several agents of " + strings.Join(names, ", ")
	played, unknown := false, false
	for n := 2; n <= severalMost; n++ {
		list, ok := c.multiply(roles, many, n)
		if !ok {
			continue
		}
		played = true
		c.x.several = crowd(list)
		c.search(list, work, crowdStates, what)
		unknown = unknown || *c.x.several.unknown
		c.x.several = several{}
	}
	switch {
	case !played:
		c.inPart("%s were not explored: there would be too many, or several that send to one that is offered", what)
	case unknown:
		c.inPart("%s were explored only where no values decide", what)
	}
}

// multiply returns a cast with n agents of each role that is addressed as many, if its declaration
// allows so many.
func (c crowds) multiply(roles cast, many map[string]bool, n int) (list cast, ok bool) {
	for _, r := range roles {
		count := 1
		if many[r.role] {
			count = n
			if most := r.cardinality.max; most >= 0 {
				count = min(n, most)
			}
			if count < r.cardinality.min {
				return nil, false
			}
		}
		ok = ok || count == n
		for range count {
			list = append(list, r)
		}
	}
	return list, ok && len(list) <= togetherAgents && c.oneSender(list)
}

// addressed returns the roles that a text addresses as many.
func (c crowds) addressed() map[string]bool {
	many := map[string]bool{}
	for _, cl := range c.x.clausesInOrder() {
		cl.body.walk(map[*node]bool{}, func(n *node) {
			if n.kind == nodeSend && n.role.any {
				many[n.role.name] = true
			}
			if n.guard == nil {
				return
			}
			n.guard.contains(func(part *cnode) bool {
				if _, ok := part.lists(); ok {
					role, _, _ := templateName(part.players().args[0])
					many[role] = true
				}
				return false
			})
		})
	}
	return many
}

// players is the goal player(Role, Peer) of a findall, or nil.
func (n *cnode) players() *cnode {
	if n.kind != consFindall {
		return nil
	}
	goal := n.parts[0]
	if goal.kind == consCall && goal.builtin != nil && goal.key == (key{"player", 2}) {
		return goal
	}
	return nil
}
