package lcc

import (
	"slices"

	"parley/lcc/syntax"
)

// This file closes roles that request an action which the host does not carry out at
// present: a closed role takes no message that would begin a conversation. Agents that
// play such a role continue, and so do their conversations.

// closed says which roles are closed, and why.
type closed struct {
	roles map[string]bool
	why   string
}

func closing(ev Closed) closed { return closed{refusing(ev.Roles), ev.Why} }

// Acting returns, in clause order, the names of the discoverable roles that carry out
// an action: an event of the role's part requests it, and the role's clause discovers
// no other player. A role that discovers a player may only forward a message, which
// needs no action of this host. A role's part includes the auxiliary roles that it
// changes into.
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

// parts returns the roles whose part has an event that satisfies is.
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

// roleKey returns the role of an agent, or the zero key when it is a variable.
func roleKey(a *syntax.Agent) key {
	if role, ok := a.Role.(*syntax.Const); ok {
		return key{role.Name, len(role.Args)}
	}
	return key{}
}

// finds reports whether the role of an agent is discoverable (Found).
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

// seeking returns the roles whose clause sends a message to a discoverable role and to
// a peer that is not a partner yet: no message from that peer precedes it in the
// clause, and no argument of the role names that peer.
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
