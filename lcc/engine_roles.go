package lcc

import (
	"cmp"
	"slices"
)

// roleTable counts the agents that play each role, so that an engine with many agents
// can report changes without visiting all of them.
type roleTable struct {
	played  map[uint64]*played // by the hash of the role
	entries []*played          // the same, unordered
	changed bool               // the set of played roles has changed
	space   []Term
	stack   []Term
	spare   *played
}

// counted is an agent's contribution to the role table.
type counted struct {
	roles []*played
	in    *scope // scope at the time of counting, when its roles cannot have changed since
}

type played struct {
	role      Term
	text      string // of the role, once it was advertised
	hash      uint64
	count     int
	announced bool    // is in the list that was returned last
	next      *played // with the same hash
}

func (rt *roleTable) add(role Term) *played {
	h := rt.hash(role)
	p := rt.played[h]
	for p != nil && !Equal(p.role, role) {
		p = p.next
	}
	if p == nil {
		if p = rt.spare; p != nil {
			rt.spare = nil
		} else {
			p = &played{}
		}
		*p = played{role: role, hash: h, next: rt.played[h]}
		rt.played[h] = p
		rt.entries = append(rt.entries, p)
	}
	if p.count == 0 {
		rt.changed = true
	}
	p.count++
	return p
}

// plays reports whether a role of this name is played, with any arguments.
func (rt *roleTable) plays(name string) bool {
	for _, p := range rt.entries {
		if functor, _, _ := Name(p.role); functor == name && p.count > 0 {
			return true
		}
	}
	return false
}

func (rt *roleTable) remove(p *played) {
	if p.count--; p.count == 0 {
		rt.changed = true
	}
}

// update replaces an agent's previous contribution by what it plays now.
func (rt *roleTable) update(m *meter, a *agent) {
	if !a.over && a.announced.in != nil && a.settledIn() == a.announced.in {
		return
	}
	a.announced.in = nil
	now := rt.space[:0]
	if !a.over {
		now = a.roles(m, now)
	}
	rt.space = now
	if !a.over {
		a.announced.in = a.settledIn()
	}
	if slices.EqualFunc(now, a.announced.roles, func(role Term, p *played) bool { return Equal(role, p.role) }) {
		return
	}
	for _, p := range a.announced.roles {
		rt.remove(p)
	}
	a.announced.roles = a.announced.roles[:0]
	for _, role := range now {
		a.announced.roles = append(a.announced.roles, rt.add(role))
	}
}

// settledIn returns the scope of an agent that has a single thread, offers no other
// role, and whose roles cannot change any more; nil for any other agent. An agent in
// the same settled scope plays the same roles as before.
func (a *agent) settledIn() *scope {
	if len(a.threads) != 1 || len(a.threads[0].offered) > 0 {
		return nil
	}
	for s := a.threads[0].scope; s != nil; s = s.outer {
		if !s.ground {
			return nil
		}
	}
	return a.threads[0].scope
}

// drop removes a role that no agent plays any more.
func (rt *roleTable) drop(p *played) {
	at := rt.played[p.hash]
	switch {
	case at == p && p.next == nil:
		delete(rt.played, p.hash)
	case at == p:
		rt.played[p.hash] = p.next
	default:
		for at.next != p {
			at = at.next
		}
		at.next = p.next
	}
	rt.spare = p
}

// latest returns the roles of the peer, and whether they differ from the ones that it
// returned last.
func (rt *roleTable) latest() (roles []Term, changed bool) {
	if !rt.changed {
		return nil, false
	}
	rt.changed = false
	kept := rt.entries[:0]
	for _, p := range rt.entries {
		if (p.count > 0) != p.announced {
			changed = true
			p.announced = p.count > 0
		}
		if p.count == 0 {
			rt.drop(p)
			continue
		}
		kept = append(kept, p)
	}
	clear(rt.entries[len(kept):])
	rt.entries = kept
	if !changed {
		return nil, false
	}
	if len(kept) > 1 {
		for _, p := range kept {
			if p.text == "" {
				p.text = p.role.String()
			}
		}
		slices.SortFunc(kept, func(a, b *played) int { return cmp.Compare(a.text, b.text) })
	}
	roles = make([]Term, len(kept))
	for i, p := range kept {
		roles[i] = p.role
	}
	return roles, true
}

// hash is FNV-1a over a ground term: functors and values.
func (rt *roleTable) hash(t Term) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	text := func(kind byte, s string) {
		h = (h ^ uint64(kind)) * prime
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * prime
		}
	}
	stack := append(rt.stack[:0], t)
	for len(stack) > 0 {
		top := deref(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		switch top := top.(type) {
		case Int:
			h = (h ^ uint64(top)) * prime
		case Float:
			h = (h ^ uint64(int64(top*1e6))) * prime
		case String:
			text('"', string(top))
		case Atom:
			text('a', string(top))
		case *Compound:
			text('(', top.Functor)
			stack = append(stack, top.Args...)
		}
	}
	rt.stack = stack[:0]
	return h
}
