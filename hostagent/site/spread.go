package site

import (
	"hash/fnv"
	"slices"

	"parley/lcc"
)

// spread shares hosts out among those that ask them: shares[i] are the indexes of the hosts
// that proxies[i] asks, at most most of them, and rest are those beyond that. A host goes to
// the same proxy at each look, which keeps its connection to it, as long as the proxies
// are the same, and mostly where one comes or goes (rendezvous hashing). No proxy has more
// than its even share and a quarter.
func spread(proxies, hosts []lcc.PeerID, most int) (shares [][]int, rest []int) {
	shares = make([][]int, len(proxies))
	if len(proxies) == 0 {
		for i := range hosts {
			rest = append(rest, i)
		}
		return shares, rest
	}
	even := (len(hosts) + len(proxies) - 1) / len(proxies)
	most = min(most, even+even/4)
	places := make([]uint64, len(proxies))
	for i, c := range proxies {
		places[i] = placeOf(c)
	}
	for i, host := range hosts {
		place, best, score := placeOf(host), -1, uint64(0)
		for c := range proxies {
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

// chunks cuts a share into the hosts of single questions.
func chunks(share []int) [][]int { return slices.Collect(slices.Chunk(share, proxyHosts)) }

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
