package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Groups says whose adverts a host hears. The zero value is one group of all,
// for which each host keeps all others in mind: use it up to some hundreds.
type Groups struct {
	// By is "" or "all"; "size": groups of Size hosts in the order of the
	// hosts; "label": hosts of one SiteHost.Group; "random": each host has about
	// Size others, drawn once, that hear of it and that it hears of, so that all
	// hosts hang together though each knows few.
	By   string
	Size int
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
	default:
		return fmt.Errorf("sim: groups: by is %q: give all, size, label or random", g.By)
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
