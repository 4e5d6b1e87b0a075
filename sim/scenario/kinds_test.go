package scenario

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/sim"
)

// One policy text spreads virtual machines, containers and processes that all sit on one
// host, each to a host that can run it, and each at the cost of its kind.
func TestThreeKinds(t *testing.T) {
	s, err := Open(filepath.Join(shipped, "three_kinds.yaml"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	most := map[hostagent.Kind]time.Duration{
		hostagent.VM: 350 * time.Millisecond, hostagent.Container: time.Second, hostagent.Process: 20 * time.Millisecond,
	}
	for _, name := range s.Policies {
		for seed := range uint64(3) {
			site, err := s.Site(seed, []*lcc.Model{model(t, name)})
			if err != nil {
				t.Fatal(err)
			}
			takes := map[string]sim.SiteHost{}
			for _, h := range site.Hosts {
				takes[h.Name] = h
			}
			guests := map[string]sim.SiteGuest{}
			for _, g := range site.Guests {
				guests[g.Name] = g
			}
			r, err := site.Run()
			if err != nil {
				t.Fatal(err)
			}
			moved := map[hostagent.Kind]int{}
			for _, m := range r.Moves {
				kind := m.Kind.Known()
				moved[kind]++
				to := takes[m.To]
				if why := to.Lacks(guests[m.Guest]); why != "" {
					t.Errorf("%s, seed %d: %s moved to %s: %s", name, seed, m.Guest, m.To, why)
				}
				if m.Downtime <= 0 || m.Downtime > most[kind] {
					t.Errorf("%s, seed %d: %s stood still for %v, want at most %v", name, seed, m.Guest, m.Downtime, most[kind])
				}
			}
			if len(moved) != 3 {
				t.Errorf("%s, seed %d: got moves %v, want some of each kind", name, seed, moved)
			}
			if r.Figures.DeviationLast > r.Figures.DeviationFirst/2 {
				t.Errorf("%s, seed %d: got a deviation of %.3f after %.3f, want it halved", name, seed, r.Figures.DeviationLast,
					r.Figures.DeviationFirst)
			}
		}
	}
}

// A guest begins only on hosts that take its kind, offer what it needs, and have disk
// for its volumes.
func TestPlacesByKind(t *testing.T) {
	const text = `
hosts:
  - {name: vms, cores: 8, memory: 16 GiB}
  - {name: boxes, cores: 8, memory: 16 GiB, disk: 5 GiB, kinds: [container], offers: [b, a]}
guests:
  - {name: box, count: 2, kind: container, needs: [b], disk: 2 GiB, sizes: [{cores: 1, memory: 1 GiB}]}
  - {name: vm, count: 2, sizes: [{cores: 1, memory: 1 GiB}]}
`
	read := func(text string) (sim.Site, error) {
		s, err := Read(strings.NewReader(text), "x.yaml", Options{})
		if err != nil {
			return sim.Site{}, err
		}
		return s.Site(1, nil)
	}
	site, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range site.Guests {
		if want := strings.TrimRight(g.Name, "12") + "es"; g.Kind == hostagent.Container && g.Host != want || g.Kind == "" && g.Host != "vms" {
			t.Errorf("%s begins on %s", g.Name, g.Host)
		}
	}
	if _, err := site.Run(); err != nil {
		t.Errorf("the site: %v", err)
	}
	for change, want := range map[string]string{
		"needs: [b]|needs: [c]":                "no host has the kind, the offers, the disk",
		"disk: 2 GiB|disk: 3 GiB":              "the cores and 1.00 GiB of memory left for box2",
		"kind: container|kind: jail":           `kind: "jail": give vm, container or process`,
		"kinds: [container]|kinds: [jail]":     `kinds[0]: "jail": give vm, container or process`,
		"name: box,|name: box, host: vms,":     "host vms takes no container: add it",
		"needs: [b],|needs: [c], host: boxes,": "does not offer c: add it",
		"disk: 2 GiB|disk: 4 GiB, host: boxes": "boxes has no 4.00 GiB of disk left for the volumes of box2",
	} {
		old, new, _ := strings.Cut(change, "|")
		if _, err := read(strings.Replace(text, old, new, 1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q", change, err, want)
		}
	}
}
