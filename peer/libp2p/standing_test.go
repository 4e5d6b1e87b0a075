package libp2p

import (
	"fmt"
	"slices"
	"testing"

	p2p "github.com/libp2p/go-libp2p/core/peer"
)

// spots are made-up peers.
func spots(n int) (list []spot) {
	for i := range n {
		list = append(list, spotOf(p2p.ID(fmt.Sprintf("peer %d", i))))
	}
	return list
}

// graph is who has a link with whom, whoever keeps it.
func graph(all []spot, groupSize, most int) [][]int {
	index := map[p2p.ID]int{}
	for i, s := range all {
		index[s.id] = i
	}
	edges := make([]map[int]bool, len(all))
	for i := range edges {
		edges[i] = map[int]bool{}
	}
	var far []spot
	for i, self := range all {
		from := i / groupSize * groupSize
		to := min(from+groupSize, len(all))
		if i == from {
			far = slices.Concat(all[:from], all[to:])
		}
		near := slices.Concat(all[from:i], all[i+1:to])
		for _, id := range standing(self, near, far, most) {
			edges[i][index[id]], edges[index[id]][i] = true, true
		}
	}
	list := make([][]int, len(all))
	for i := range edges {
		for k := range edges[i] {
			list[i] = append(list[i], k)
		}
	}
	return list
}

// reached is how many peers one reaches, and in how many steps.
func reached(edges [][]int) (n, steps int) {
	seen := map[int]bool{0: true}
	for at := []int{0}; ; steps++ {
		var next []int
		for _, i := range at {
			for _, k := range edges[i] {
				if !seen[k] {
					seen[k] = true
					next = append(next, k)
				}
			}
		}
		if len(next) == 0 {
			return len(seen), steps
		}
		at = next
	}
}

// The links that stand make all groups one network, with few links at each host
// and short ways.
func TestStandingLinks(t *testing.T) {
	for _, c := range []struct{ hosts, group, most, stepsMost int }{
		{10_000, 100, 32, 8},
		{5_000, 500, 32, 8},
		{2_000, 2_000, 32, 8},
		{1_000, 3, 32, 8},
		{20, 10, 32, 1},
	} {
		t.Run(fmt.Sprintf("%d in groups of %d", c.hosts, c.group), func(t *testing.T) {
			if testing.Short() && c.hosts > 1_000 {
				t.Skip("seconds of hashing")
			}
			edges := graph(spots(c.hosts), c.group, c.most)
			if n, steps := reached(edges); n != c.hosts || steps > c.stepsMost {
				t.Errorf("%d of %d hosts are reached, in %d steps; want all, in %d", n, c.hosts, steps, c.stepsMost)
			}
			for i, links := range edges {
				if len(links) >= 2*c.most {
					t.Fatalf("host %d has %d links, want fewer than %d", i, len(links), 2*c.most)
				}
			}
		})
	}
}

// A host that comes changes few links of the others.
func TestStandingLinksChangeLittle(t *testing.T) {
	all := spots(501)
	changed := 0
	for i := range 500 {
		before := standing(all[i], slices.Concat(all[:i], all[i+1:500]), nil, 32)
		after := standing(all[i], slices.Concat(all[:i], all[i+1:]), nil, 32)
		for _, id := range after {
			if !slices.Contains(before, id) {
				changed++
			}
		}
	}
	if changed > 2*32 {
		t.Errorf("one host that came changed %d links, want at most %d", changed, 2*32)
	}
}

// A host keeps to the number of links that it is told, and to no host twice.
func TestStandingLinksAreBounded(t *testing.T) {
	for _, most := range []int{8, 9, 32, 33} {
		for near := range 60 {
			for _, far := range []int{0, 1, 5, 100} {
				all := spots(1 + near + far)
				ids := standing(all[0], slices.Clone(all[1:1+near]), all[1+near:], most)
				least := min(near+far, linksMin-1) // the sides of a ring are even
				if slices.Sort(ids); len(slices.Compact(slices.Clone(ids))) != len(ids) || len(ids) > most || len(ids) < least {
					t.Fatalf("%d near, %d far, at most %d: got %d links, some twice or too few", near, far, most, len(ids))
				}
			}
		}
	}
}
