package site

import (
	"hash/fnv"
	"slices"

	"parley/lcc"
)

// spread shares hosts out among those that ask them: shares[i] are the indexes of the hosts
// that runners[i] asks, at most most of them, and rest are those beyond that. A host goes to
// the same runner at each look, which keeps its connection to it, as long as the runners
// are the same, and mostly where one comes or goes (rendezvous hashing). No runner has more
// than its even share and a quarter.
func spread(runners, hosts []lcc.PeerID, most int) (shares [][]int, rest []int) {
	shares = make([][]int, len(runners))
	if len(runners) == 0 {
		for i := range hosts {
			rest = append(rest, i)
		}
		return shares, rest
	}
	even := (len(hosts) + len(runners) - 1) / len(runners)
	most = min(most, even+even/4)
	places := make([]uint64, len(runners))
	for i, c := range runners {
		places[i] = placeOf(c)
	}
	for i, host := range hosts {
		place, best, score := placeOf(host), -1, uint64(0)
		for c := range runners {
			if s := mix(place ^ places[c]); len(shares[c]) < most && (best < 0 || s > score) {
				best, score = c, s
			}
		}
		if best < 0 {
			rest = append(rest, i)
			continue
		}
		shares[best] = append(shares[best], i)
	}
	return shares, rest
}

// chunks cuts a share into the hosts of single errands.
func chunks(share []int) [][]int { return slices.Collect(slices.Chunk(share, errandHosts)) }

func placeOf(id lcc.PeerID) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return h.Sum64()
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
