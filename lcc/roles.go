package lcc

import "slices"

// roleTable counts who plays which role, by the text of the role, so that an
// engine with many agents says what changed without looking at all of them.
type roleTable map[string]*played

type played struct {
	role  Term
	count int
	told  bool // stands in the latest Advertise
}

func (rt roleTable) add(role Term) {
	text := role.String()
	p := rt[text]
	if p == nil {
		p = &played{role: role}
		rt[text] = p
	}
	p.count++
}

// update counts what an agent plays now in place of what it played before.
func (rt roleTable) update(a *agent) {
	var now []Term
	if !a.over {
		now = a.roles(nil)
	}
	if slices.EqualFunc(now, a.told, Equal) {
		return
	}
	for _, role := range a.told {
		rt[role.String()].count--
	}
	for _, role := range now {
		rt.add(role)
	}
	a.told = now
}

// advertise emits the roles of the peer if they are not those it told last.
func (e *Engine) advertise() {
	changed := false
	for text, p := range e.roles {
		if (p.count > 0) != p.told {
			changed = true
			p.told = p.count > 0
		}
		if p.count == 0 {
			delete(e.roles, text)
		}
	}
	if !changed {
		return
	}
	texts := make([]string, 0, len(e.roles))
	for text := range e.roles {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	roles := make([]Term, len(texts))
	for i, text := range texts {
		roles[i] = e.roles[text].role
	}
	e.out = append(e.out, Advertise{Roles: roles})
}
