package libp2p

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"

	p2p "github.com/libp2p/go-libp2p/core/peer"
)

// spot is a peer and its position on the ring of hashed ids.
type spot struct {
	id    p2p.ID
	place uint64
}

func spotOf(id p2p.ID) spot {
	sum := sha256.Sum256([]byte(id))
	return spot{id, binary.BigEndian.Uint64(sum[:])}
}

// linksMin is the smallest LinksMax: two neighbours on each side, two links
// across the ring and two out of the group.
const linksMin = 8

// standing selects at most `most` hosts for standing links: all, when there are few.
// Otherwise most are neighbours on the ring of near hosts, so that selection is mutual
// and the ring is closed. An eighth each are across the ring, which shortens paths, and
// outside the group, which connects all groups; these are selected by rendezvous
// hashing, so that a host that comes or goes changes few of them.
func standing(self spot, near, far []spot, most int) (ids []p2p.ID) {
	if len(near)+len(far) <= most {
		return append(idsOf(near), idsOf(far)...)
	}
	few := max(2, most/8)
	// A host with few near hosts keeps more links outside, so that the failure of two
	// hosts does not isolate it.
	ids = rendezvous(self, far, max(few, linksMin-len(near)))
	room := most - len(ids)
	if len(near) <= room {
		return append(ids, idsOf(near)...)
	}
	beside, others := neighbours(self, near, (room-few)/2)
	ids = append(ids, beside...)
	return append(ids, rendezvous(self, others, few)...)
}

// neighbours returns the nearest hosts on each side of a ring, and the remaining ones.
func neighbours(self spot, ring []spot, each int) (beside []p2p.ID, others []spot) {
	slices.SortFunc(ring, func(a, b spot) int {
		// The ring is cut at this host: successors come first, predecessors last.
		return cmp.Or(cmp.Compare(a.place-self.place, b.place-self.place), cmp.Compare(a.id, b.id))
	})
	beside = append(idsOf(ring[:each]), idsOf(ring[len(ring)-each:])...)
	return beside, ring[each : len(ring)-each]
}

// rendezvous returns the hosts with the highest scores for this host.
func rendezvous(self spot, others []spot, most int) []p2p.ID {
	type ranked struct {
		spot
		score uint64
	}
	best := make([]ranked, 0, most+1)
	for _, other := range others {
		one := ranked{other, score(self.place, other.place)}
		at := len(best)
		for at > 0 && (one.score > best[at-1].score || one.score == best[at-1].score && one.id < best[at-1].id) {
			at--
		}
		if at < most {
			best = slices.Insert(best, at, one)
			best = best[:min(len(best), most)]
		}
	}
	ids := make([]p2p.ID, len(best))
	for i, r := range best {
		ids[i] = r.id
	}
	return ids
}

// score mixes two positions into one number (the finalizer of SplitMix64). It is not
// symmetric: the hosts that a host selects need not select it.
func score(self, other uint64) uint64 {
	x := self ^ bits.RotateLeft64(other, 31) + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func idsOf(spots []spot) []p2p.ID {
	ids := make([]p2p.ID, len(spots))
	for i, s := range spots {
		ids[i] = s.id
	}
	return ids
}
