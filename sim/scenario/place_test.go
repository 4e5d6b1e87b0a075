package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/sim"
)

func names[T any](list []T, name func(T) string) string {
	var all []string
	for _, entry := range list {
		all = append(all, name(entry))
	}
	return strings.Join(all, " ")
}

func hostName(h sim.SiteHost) string   { return h.Name }
func guestName(g sim.SiteGuest) string { return g.Name }
func placeOf(g sim.SiteGuest) string   { return g.Host }

func TestHostsAlternate(t *testing.T) {
	s := site(t, `
hosts:
  - {name: c, count: 2, cores: 1, memory: 1 GiB}
  - {name: a, count: 3, alternate: true, cores: 1, memory: 1 GiB, labels: [rack=1], group: g, link: 1 GB/s, power: [1, 2]}
  - {name: b, count: 10, alternate: true, cores: 2, memory: 2 GiB}
  - {name: one, cores: 1, memory: 1 GiB}
`)
	want := "a1 b01 a2 b02 a3 b03 b04 b05 b06 b07 b08 b09 b10 c1 c2 one"
	if got := names(s.Hosts, hostName); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if h := s.Hosts[0]; h.Group != "g" || h.Link != 1e9 || !slices.Equal(h.Labels, []string{"rack=1"}) ||
		!slices.Equal(h.Curve, []float64{1, 2}) || h.Capacity.MemoryBytes != 1<<30 {
		t.Errorf("got %+v, want what the file says", h)
	}
}

func TestSizes(t *testing.T) {
	text := `
hosts: [{name: h, count: 4, cores: 16, memory: 1 TiB}]
guests: [{name: g, %s, sizes: [{cores: 1, memory: 1 GiB, weight: 3}, {cores: 2, memory: 2 GiB}]}]
`
	count := func(guests []sim.SiteGuest) (small int) {
		for _, g := range guests {
			if g.Declared.CPU == 1 && g.Declared.MemoryBytes == 1<<30 {
				small++
			} else if g.Declared.CPU != 2 || g.Declared.MemoryBytes != 2<<30 {
				t.Errorf("%s: got %+v, want one of the sizes", g.Name, g.Declared)
			}
		}
		return small
	}
	drawn := site(t, fmt.Sprintf(text, "count: 1000")).Guests
	near(t, "of the first size, by its weight", float64(count(drawn)), 750, 50)
	if got := names(drawn[:2], guestName); got != "g0001 g0002" {
		t.Errorf("got %s, want g0001 g0002", got)
	}
	turns := site(t, fmt.Sprintf(text, "count: 5, sizes_in_turn: true")).Guests
	if got := count(turns[:3]); got != 3 || count(turns) != 3 {
		t.Errorf("in turn: got %d of the first size, want the first three of five", count(turns))
	}
	if got := site(t, fmt.Sprintf(text, "per_host: 2.5")).Guests; len(got) != 10 {
		t.Errorf("2.5 a host: got %d guests, want 10", len(got))
	}
	if got := names(site(t, fmt.Sprintf(text, "priority: [7]")).Guests, guestName); got != "g" {
		t.Errorf("got %s, want one guest with the name as it stands", got)
	}
}

func TestPlaces(t *testing.T) {
	place := func(where string, count int) []sim.SiteGuest {
		t.Helper()
		return site(t, fmt.Sprintf(`
hosts:
  - {name: a, cores: 4, memory: 4 GiB, power: [100, 200]}
  - {name: b, cores: 8, memory: 4 GiB, power: [10, 20]}
  - {name: c, cores: 4, memory: 4 GiB, power: [10, 20]}
guests: [{name: g, count: %d, %s, sizes: [{cores: 2, memory: 1 GiB}]}]
`, count, where)).Guests
	}
	for _, c := range []struct{ where, want string }{
		{"place: round_robin", "a b c a b c"},
		{"place: blocks", "a a b b c c"},
		{"place: spread", "a b c b a b"}, // the smallest share of its cores declared
		{"place: power", "b b c b b c"},  // above idle: b 2.5 W, then 5, 7.5 and 10; c 5, then 10; a 50
		{"host: c", "c c c c"},
	} {
		count := len(strings.Fields(c.want))
		if got := names(place(c.where, count), placeOf); got != c.want {
			t.Errorf("%s: got %s, want %s", c.where, got, c.want)
		}
	}
	// A guest that finds a host full goes to the next one.
	if got := names(place("place: round_robin", 12), placeOf); strings.Count(got, "b") != 4 {
		t.Errorf("twelve of 1 GiB: got %s, want four on each", got)
	}
}

// Random placement is uniform; skewed placement prefers the first hosts.
func TestPlacesByChance(t *testing.T) {
	spread := func(where string) (first, last int) {
		for _, g := range site(t, "hosts: [{name: h, count: 10, cores: 4, memory: 1 TiB}]\nguests: [{name: g, count: 1000, "+
			where+" sizes: [{cores: 2, memory: 1 GiB}]}]\n").Guests {
			switch g.Host {
			case "h01":
				first++
			case "h10":
				last++
			}
		}
		return first, last
	}
	for _, where := range []string{"", "place: random,"} {
		first, last := spread(where)
		near(t, where+" first", float64(first), 100, 30)
		near(t, where+" last", float64(last), 100, 30)
	}
	first, last := spread("place: skewed,")
	near(t, "skewed: first", float64(first), 351, 50) // 0.1 to the power 1/2.2
	near(t, "skewed: last", float64(last), 47, 25)
}

// All keys of a guest reach the site.
func TestGuestsInFull(t *testing.T) {
	g := site(t, `
hosts: [{name: h, cores: 4, memory: 64 GiB, labels: [disk=ssd]}]
guests:
  - name: db
    sizes: [{cores: 2, memory: 8 GiB}]
    priority: [20]
    labels: [app=db]
    requires: [disk=ssd]
    near: [app=web]
    apart: [app=db, app=a, app=db]
    pinned: true
    ignored: true
    dirty_rate: 62.5 MB/s
    working_set: 512 MiB
`).Guests[0]
	r := g.Rules
	lists := fmt.Sprint(r.Labels, r.Requires, r.Near, r.Apart, r.Pinned, r.Ignored)
	if g.Priority != 20 || lists != "[app=db] [disk=ssd] [app=web] [app=a app=db] true true" || g.DirtyRate != 62.5e6 ||
		g.WorkingSet != 512<<20 {
		t.Errorf("got %+v, want what the file says", g)
	}
}

// The guests depend only on the seed, whatever else changes in the file.
func TestGuestsHaveTheirOwnChance(t *testing.T) {
	text := "hosts: [{name: h, count: 9, cores: 16, memory: 1 TiB}]\nguests: [{name: g, count: 50, sizes: [{cores: 2, memory: 1 GiB}], " +
		"load: {kind: beta, a: 2, b: 3}}]\n"
	a := site(t, text)
	b := site(t, text+"faults: {agents: 9}\nnetwork: {loss: 0.1}\n")
	for i := range a.Guests {
		if a.Guests[i].Host != b.Guests[i].Host || a.Guests[i].Load != b.Guests[i].Load {
			t.Fatalf("%s: differs when faults are added", a.Guests[i].Name)
		}
	}
}
