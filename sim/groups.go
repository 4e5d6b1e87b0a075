package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"parley/lcc"
	"parley/peer"
)

// Groups says whose adverts a host hears. The zero value is one group of all hosts, in
// which each host tracks all others: use it for up to some hundreds.
type Groups struct {
	// By is "" or "all"; "size": groups of Size hosts in the order of the hosts;
	// "label": hosts with the same SiteHost.Group; "random": each host hears about Size
	// others and they hear it, drawn once, in a connected graph; "hash": the groups
	// that hosts in production derive from the roster (peer.Groups), of at most Size
	// hosts (0: its default) with one value of the label Label ("": of all).
	By    string
	Size  int
	Label string
	// Beyond is how many hosts outside its group a host knows, drawn again
	// every peer.BeyondEvery (beyond of the vocabulary); default 8 with "hash", else none. Negative: none.
	Beyond int
}

// link sets which hosts hear each other.
func (g Groups) link(hosts []*siteHost, chance *rand.Rand) error {
	switch g.By {
	case "", "all":
		meet(hosts)
	case "size":
		if g.Size < 2 {
			return fmt.Errorf("sim: groups: the size is %d: give 2 or more", g.Size)
		}
		for part := range slices.Chunk(hosts, g.Size) {
			meet(part)
		}
	case "label":
		groups := map[string][]*siteHost{}
		for _, h := range hosts {
			groups[h.Group] = append(groups[h.Group], h)
		}
		for _, h := range hosts {
			if part := groups[h.Group]; part[0] == h {
				meet(part)
			}
		}
	case "random":
		if g.Size < 2 {
			return fmt.Errorf("sim: groups: the size is %d: give 2 or more", g.Size)
		}
		rings(hosts, g.Size, chance)
	case "hash":
		return g.hashed(hosts)
	default:
		return fmt.Errorf("sim: groups: by is %q: give all, size, label, random or hash", g.By)
	}
	return nil
}

// hashed forms the groups that the hosts would derive in production.
func (g Groups) hashed(hosts []*siteHost) error {
	members := make([]peer.Member, len(hosts))
	byName := make(map[lcc.PeerID]*siteHost, len(hosts))
	for i, h := range hosts {
		members[i] = peer.Member{Peer: lcc.PeerID(h.Name), Labels: h.config.Labels}
		byName[members[i].Peer] = h
	}
	groups, err := peer.Groups(members, peer.Grouping{Label: g.Label, Most: g.Size})
	if err != nil {
		return fmt.Errorf("sim: groups: %w", err)
	}
	for _, group := range groups {
		part := make([]*siteHost, len(group.Peers))
		for i, id := range group.Peers {
			part[i] = byName[id]
		}
		slices.SortFunc(part, func(a, b *siteHost) int { return a.index - b.index })
		meet(part)
	}
	return nil
}

func meet(hosts []*siteHost) {
	for _, h := range hosts {
		for _, other := range hosts {
			if other != h {
				h.near = append(h.near, other)
			}
		}
	}
}

// rings arranges all hosts in random rings; neighbours in a ring hear each other. One
// ring connects all hosts, and a few make every distance short.
func rings(hosts []*siteHost, size int, chance *rand.Rand) {
	if len(hosts) <= size+1 {
		meet(hosts)
		return
	}
	for range (size + 1) / 2 {
		order := chance.Perm(len(hosts))
		for i, at := range order {
			a, b := hosts[at], hosts[order[(i+1)%len(order)]]
			a.near, b.near = append(a.near, b), append(b.near, a)
		}
	}
	for _, h := range hosts {
		slices.SortFunc(h.near, func(a, b *siteHost) int { return a.index - b.index })
		h.near = slices.Compact(h.near)
	}
}
