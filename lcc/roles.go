package lcc

import "slices"

// roleTable counts who plays which role, by the text of the role, so that an
// engine with many agents says what changed without looking at all of them.
type roleTable struct {
	played  map[string]*played
	changed bool // a role is played that was not, or the other way round
	space   []Term
}

type played struct {
	role  Term
	count int
	told  bool // stands in the latest Advertise
}

func (rt *roleTable) add(role Term) *played {
	text := role.String()
	p := rt.played[text]
	if p == nil {
		p = &played{role: role}
		rt.played[text] = p
	}
	if p.count == 0 {
		rt.changed = true
	}
	p.count++
	return p
}

// plays says whether a role of this name is played, with any arguments.
func (rt *roleTable) plays(name string) bool {
	for _, p := range rt.played {
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

// update counts what an agent plays now in place of what it played before.
func (rt *roleTable) update(m *meter, a *agent) {
	now := rt.space[:0]
	if !a.over {
		now = a.roles(m, now)
	}
	rt.space = now
	if slices.EqualFunc(now, a.told, func(role Term, p *played) bool { return Equal(role, p.role) }) {
		return
	}
	for _, p := range a.told {
		rt.remove(p)
	}
	a.told = a.told[:0]
	for _, role := range now {
		a.told = append(a.told, rt.add(role))
	}
}

// advertise emits the roles of the peer if they are not those it told last.
func (e *Engine) advertise() {
	if !e.roles.changed {
		return
	}
	e.roles.changed = false
	changed := false
	var texts []string
	for text, p := range e.roles.played {
		if (p.count > 0) != p.told {
			changed = true
			p.told = p.count > 0
		}
		if p.count == 0 {
			delete(e.roles.played, text)
			continue
		}
		texts = append(texts, text)
	}
	if !changed {
		return
	}
	slices.Sort(texts)
	roles := make([]Term, len(texts))
	for i, text := range texts {
		roles[i] = e.roles.played[text].role
	}
	e.out = append(e.out, Advertise{Roles: roles})
}
