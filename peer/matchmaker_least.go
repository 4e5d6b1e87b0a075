package peer

import (
	"cmp"

	"parley/lcc"
)

// This file finds the least player of a role. A host that wants the least loaded one asks
// for it at each advert of its group, so no list is made and sorted for it.

// least returns the player whose role is the least in the order of terms; of equal roles the
// first that find would give. To a pattern without arguments all roles are equal.
func (m *matchmaker) least(model lcc.Digest, pattern lcc.Term) (lcc.Player, bool) {
	_, args, _ := lcc.Name(pattern)
	var first *player
	var role lcc.Term
	for p, other := range m.playing(model, pattern) {
		order := -1
		if first != nil {
			order = 0
			if len(args) > 0 {
				order = lcc.Compare(other, role)
			}
			if order == 0 && p != first {
				order = m.prefer(p, first)
			}
		}
		if order < 0 {
			first, role = p, other
		}
	}
	if first == nil {
		return lcc.Player{}, false
	}
	return lcc.Player{Peer: first.id, Role: role, ID: first.term}, true
}

// prefer compares two players in the order of find.
func (m *matchmaker) prefer(a, b *player) int {
	if order := cmp.Compare(a.declined, b.declined); order != 0 {
		return order
	}
	return cmp.Compare(m.rank(a), m.rank(b))
}
