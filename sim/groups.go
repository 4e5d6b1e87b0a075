package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"parley/lcc"
	"parley/peer"
)

// Groups says whose adverts a host hears. The zero value is one group of all,
// for which each host keeps all others in mind: use it up to some hundreds.
type Groups struct {
	// By is "" or "all"; "size": groups of Size hosts in the order of the
	// hosts; "label": hosts of one SiteHost.Group; "random": each host has about
	// Size others, drawn once, that hear of it and that it hears of, so that all
	// hosts hang together though each knows few; "hash": as hosts in production
	// find their groups from the roster (peer.Groups), at most Size hosts each
	// (0: its default) of one value of the label Label ("": of all).
	By    string
	Size  int
	Label string
	// Beyond is how many hosts that it does not hear of a host knows by name,
	// drawn anew every minute (beyond of the vocabulary); default 8 with
	// "hash", else none. Negative: none.
	Beyond int
}

// link fills in who hears of whom.
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

// hashed lays hosts into the groups that they would find in production.
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

// rings lays all hosts into rings in orders of chance; neighbours in a ring hear
// of each other. One ring holds all together, and a few make every host near to
// every other.
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
