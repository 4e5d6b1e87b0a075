package sim

import (
	"math/rand/v2"
	"slices"

	"parley/lcc"
	"parley/peer"
)

// beyond is how many hosts outside its group each host knows.
func (g Groups) beyond() int {
	if g.Beyond == 0 && g.By == "hash" {
		return peer.BeyondCount
	}
	return max(0, g.Beyond)
}

// drawBeyond gives a host's agent random hosts outside its group, now and as
// often as the daemon does, during this incarnation of the agent.
func (s *site) drawBeyond(h *siteHost, incarnation uint64) error {
	count := s.o.Groups.beyond()
	if h.node == nil || h.agent.incarnation != incarnation || count == 0 || len(h.near)+1 >= len(s.hosts) {
		return nil
	}
	s.plan(peer.BeyondEvery, func() error { return s.drawBeyond(h, incarnation) })
	var sample []lcc.PeerID
	for _, other := range strangers(h, s.hosts, count, s.chance) {
		sample = append(sample, lcc.PeerID(other.Name))
	}
	return s.stepPeer(h, peer.Beyond{Peers: sample})
}

// strangers draws hosts outside a host's group. If most hosts are outside, it draws by
// rejection, so that the cost does not grow with the number of hosts.
func strangers(h *siteHost, hosts []*siteHost, count int, chance *rand.Rand) (sample []*siteHost) {
	outside := len(hosts) - len(h.near) - 1
	if outside > len(hosts)/2 && outside > 4*count {
		for len(sample) < count {
			other := hosts[chance.IntN(len(hosts))]
			if other != h && !slices.Contains(sample, other) && !slices.Contains(h.near, other) {
				sample = append(sample, other)
			}
		}
		return sample
	}
	var list []*siteHost
	for _, other := range hosts {
		if other != h && !slices.Contains(h.near, other) {
			list = append(list, other)
		}
	}
	for _, at := range chance.Perm(len(list))[:min(count, len(list))] {
		sample = append(sample, list[at])
	}
	return sample
}
