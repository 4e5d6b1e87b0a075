package lcc

import (
	"slices"

	"parley/lcc/syntax"
)

// This file keeps messages of others from roles that ask for an action which the host
// carries out for nobody at present. Those who play such a role go on, and so do the
// conversations that they are in.

// closed says which roles take no message that would begin something, and why.
type closed struct {
	roles map[string]bool
	why   string
}

func closing(ev Closed) closed { return closed{refusing(ev.Roles), ev.Why} }

// Acting returns, in the order of their clauses, the names of the roles that others
// find in order to have an action done: an event of the role's part asks for it, and
// its own clause looks for no other player. Who looks for one may be handing a message
// on, which needs no action of this host. The part of a role goes on in the auxiliary
// roles that it changes into.
func (m *Model) Acting(action string) (names []string) {
	asks := m.parts(func(d syntax.Def) bool { return asksFor(d, action) })
	seeks := m.seeking()
	for _, r := range m.roles {
		k := key{r.Name, r.Arity}
		if r.Kind != "auxiliary" && asks[k] && !seeks[k] {
			names = append(names, r.Name)
		}
	}
	return names
}

// parts returns the roles whose part has an event of a kind.
func (m *Model) parts(is func(syntax.Def) bool) map[key]bool {
	with := map[key]bool{}
	for grown := true; grown; {
		grown = false
		for _, item := range m.file.Items {
			clause, ok := item.(*syntax.Clause)
			if !ok {
				continue
			}
			k, has := roleKey(clause.Agent), false
			syntax.Walk(clause.Body, func(d syntax.Def) {
				enter, ok := d.(*syntax.Enter)
				has = has || is(d) || ok && with[roleKey(enter.Agent)] && !m.finds(enter.Agent)
			})
			if has && !with[k] {
				with[k], grown = true, true
			}
		}
	}
	return with
}

// roleKey is the role of an agent; the zero key where the text leaves it open.
func roleKey(a *syntax.Agent) key {
	if role, ok := a.Role.(*syntax.Const); ok {
		return key{role.Name, len(role.Args)}
	}
	return key{}
}

// finds says whether others find who plays the role of an agent (Found).
func (m *Model) finds(a *syntax.Agent) bool {
	k := roleKey(a)
	for _, r := range m.roles {
		if (key{r.Name, r.Arity}) == k {
			return r.Kind != "auxiliary"
		}
	}
	return true
}

func asksFor(d syntax.Def, action string) (does bool) {
	for _, cons := range syntax.Constraints(d) {
		syntax.WalkCons(cons, func(part syntax.Cons) {
			call, ok := part.(*syntax.Call)
			does = does || ok && call.Goal.Name == action
		})
	}
	return does
}

// seeking returns the roles whose clause sends a message to a role that others find, and
// to somebody who is no partner yet: no message of his stands before it in the clause,
// and the role does not bring him along.
func (m *Model) seeking() map[key]bool {
	seek := map[key]bool{}
	for _, item := range m.file.Items {
		clause, ok := item.(*syntax.Clause)
		if !ok {
			continue
		}
		partners := syntax.Variables(clause.Agent.Role)
		syntax.Walk(clause.Body, func(d syntax.Def) {
			switch d := d.(type) {
			case *syntax.Receive:
				partners = append(partners, syntax.Variables(d.From.ID)...)
			case *syntax.Send:
				stranger := func(name string) bool { return !slices.Contains(partners, name) }
				if m.finds(d.To) && slices.ContainsFunc(syntax.Variables(d.To.ID), stranger) {
					seek[roleKey(clause.Agent)] = true
				}
			}
		})
	}
	return seek
}
