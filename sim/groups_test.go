package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/hostagent"
)

func linked(t interface{ Fatal(...any) }, g Groups, n int, seed uint64) []*siteHost {
	var hosts []*siteHost
	for i := range n {
		odd := fmt.Sprint(i % 2)
		hosts = append(hosts, &siteHost{
			index: i, SiteHost: SiteHost{Name: fmt.Sprint(i), Group: odd}, config: hostagent.Config{Labels: []string{"kind=" + odd}},
		})
	}
	if err := g.link(hosts, rand.New(rand.NewPCG(seed, 1))); err != nil {
		t.Fatal(err)
	}
	return hosts
}

// Random groups are connected, each host knows about the configured number of others,
// and hearing is mutual.
func TestRandomGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, size := rapid.IntRange(1, 300).Draw(t, "hosts"), rapid.IntRange(2, 30).Draw(t, "size")
		hosts := linked(t, Groups{By: "random", Size: size}, n, rapid.Uint64().Draw(t, "seed"))
		links := 0
		for _, h := range hosts {
			links += len(h.near)
			if len(h.near) > size+1 {
				t.Fatalf("host %d: knows %d others, want at most %d", h.index, len(h.near), size+1)
			}
			for i, other := range h.near {
				if other == h || i > 0 && other.index <= h.near[i-1].index || !slices.Contains(other.near, h) {
					t.Fatalf("host %d: %d is not a neighbour as it should be", h.index, other.index)
				}
			}
		}
		reached := map[*siteHost]bool{hosts[0]: true}
		for todo := hosts[:1:1]; len(todo) > 0; todo = todo[1:] {
			for _, other := range todo[0].near {
				if !reached[other] {
					reached[other] = true
					todo = append(todo, other)
				}
			}
		}
		if len(reached) != n {
			t.Fatalf("%d of %d hosts hang together", len(reached), n)
		}
		if mean := float64(links) / float64(n); n > 4*size && mean < 0.75*float64(size) {
			t.Fatalf("%g neighbours on average, want about %d", mean, size)
		}
	})
}

func TestGroups(t *testing.T) {
	for _, c := range []struct {
		groups Groups
		want   string // who host 1 of 5 hears of
	}{
		{Groups{}, "0 2 3 4"},
		{Groups{By: "all"}, "0 2 3 4"},
		{Groups{By: "size", Size: 2}, "0"},
		{Groups{By: "label"}, "3"},
		{Groups{By: "random", Size: 4}, "0 2 3 4"},
		{Groups{By: "hash"}, "0 2 3 4"},
		{Groups{By: "hash", Label: "kind", Size: 4}, "3"},
	} {
		var got []string
		for _, h := range linked(t, c.groups, 5, 1)[1].near {
			got = append(got, h.Name)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%+v: got %q, want %q", c.groups, text, c.want)
		}
	}
	for _, g := range []Groups{{By: "size"}, {By: "random", Size: 1}, {By: "colour"}, {By: "hash", Size: 1}} {
		if err := g.link(nil, nil); err == nil {
			t.Errorf("%+v: got no error, want one", g)
		}
	}
}
