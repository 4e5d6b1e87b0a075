package peer

import (
	"cmp"

	"parley/lcc"
)

// This file finds the least player of a role. A host that wants the least loaded one asks
// for it at each advert of its group, so no list is made and sorted for it, and few adverts
// have the players visited at all.

// leastFound is a result of least.
type leastFound struct {
	player *player // nil: nobody plays the role
	role   lcc.Term
	tied   bool // another one is as little, so the order of preference chose
}

// least returns the player whose role is the least in the order of terms; of equal roles the
// first that find would give. To a pattern without arguments all roles are equal.
func (m *matchmaker) least(model lcc.Digest, pattern lcc.Term) (lcc.Player, bool) {
	name, args, _ := lcc.Name(pattern)
	key := wanted{model, name, len(args)}
	l, known := m.leasts[key]
	if !known {
		for p, role := range m.playing(model, pattern) {
			l.compete(m, key, p, role)
		}
		m.leasts[key] = l
	}
	if l.player == nil {
		return lcc.Player{}, false
	}
	return lcc.Player{Peer: l.player.id, Role: l.role, ID: l.player.term}, true
}

// compete takes in another player and its role.
func (l *leastFound) compete(m *matchmaker, key wanted, p *player, role lcc.Term) {
	if l.player == nil {
		l.player, l.role = p, role
		return
	}
	order := key.order(role, l.role)
	if order == 0 && p != l.player {
		l.tied = true
		order = m.prefer(p, l.player)
	} else if order < 0 {
		l.tied = false
	}
	if order < 0 {
		l.player, l.role = p, role
	}
}

// order compares two roles that are wanted.
func (w wanted) order(a, b lcc.Term) int {
	if w.arity == 0 {
		return 0
	}
	return lcc.Compare(a, b)
}

// advertised is told that a player advertises other roles, and that the order of preference
// is drawn again. Nearly always the least player of before, another one, is the least still.
func (m *matchmaker) advertised(p *player) {
	clear(m.cache)
	for key, l := range m.leasts {
		if l.player == nil || l.player == p || l.tied || l.rivals(key, p) {
			delete(m.leasts, key)
		}
	}
}

// rivals reports whether another player has a role that is not greater.
func (l leastFound) rivals(key wanted, p *player) bool {
	for _, play := range p.advert.Plays {
		for _, role := range play.Roles {
			if play.Model == key.model && matches(key.name, key.arity, role) && key.order(role, l.role) <= 0 {
				return true
			}
		}
	}
	return false
}

// prefer compares two players in the order of find.
func (m *matchmaker) prefer(a, b *player) int {
	if order := cmp.Compare(a.declined, b.declined); order != 0 {
		return order
	}
	return cmp.Compare(m.rank(a), m.rank(b))
}
