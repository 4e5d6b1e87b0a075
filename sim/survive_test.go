package sim_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/spare"
	"parley/lcc"
	"parley/models"
	"parley/sim"
)

// crowded is a site of hosts whose guests fill most of its memory, and whose processors are busy on
// the first fifth of the hosts.
func crowded(model *lcc.Model, hosts, survive int) sim.Site {
	chance := rand.New(rand.NewPCG(1, 1))
	s := sim.Site{Policies: []*lcc.Model{model}, Seed: 1, Config: hostagent.DefaultConfig(), Limit: 27 * time.Minute, Quiet: -1}
	s.Config.Moves.Survive = survive
	for i := range hosts {
		h := sim.SiteHost{Name: fmt.Sprintf("host%03d", i), Capacity: hostagent.Resources{CPU: 16, MemoryBytes: 64 << 30}}
		s.Hosts = append(s.Hosts, h)
		busy := 0.5
		if i < 2*hosts/5 {
			busy = 1.25
		}
		full := int64(48 + chance.IntN(9))
		if i%10 == 9 {
			full = 20 // these take what the busy ones give away
		}
		for k, left := 0, full; left > 0; k++ {
			gib := min(left, []int64{2, 4, 8, 8, 16}[chance.IntN(5)])
			left -= gib
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: fmt.Sprintf("g%03d.%02d", i, k), Host: h.Name, CPU: busy * 16 * float64(gib) / 64,
				Declared: hostagent.Resources{CPU: 8, MemoryBytes: gib << 30},
			})
		}
	}
	return s
}

// siteHosts are fewer than a group may have: the policy looks at each pair of guest and host.
const siteHosts = 30

// TestSurviveOfASite: a policy evens out the load of a site, and at each of 50 moments each host
// fails. Where the hosts keep room for the failure of one, its guests have places by the first plan;
// where they keep none, the moves of the policy leave some without.
func TestSurviveOfASite(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a site for half an hour of its time")
	}
	text, _ := models.Text("agility")
	model, found := lcc.Compile("agility", text, hostagent.Vocabulary())
	if model == nil {
		t.Fatal(found)
	}
	for survive := range 2 {
		plans, placeless, migrations := failEach(t, crowded(model, siteHosts, survive))
		t.Logf("survive %d: %d plans, %d with a guest without a place; %d migrations", survive, plans, placeless, migrations)
		if (placeless == 0) != (survive == 1) || plans != 50*siteHosts || migrations < 20 {
			t.Errorf("survive %d: got %d of %d plans with a guest without a place, and %d migrations", survive, placeless, plans, migrations)
		}
	}
}

// failEach runs a site and makes a plan for the failure of each host at each of 50 moments.
func failEach(t *testing.T, site sim.Site) (plans, placeless, migrations int) {
	t.Helper()
	run, err := site.Start()
	if err != nil {
		t.Fatal(err)
	}
	hosts := map[string]spare.Host{}
	moments := 0
	var next time.Time
	run.OnLook(func(host *sim.SiteHost, wall time.Time, status hostagent.Status) {
		hosts[host.Name] = spareOf(host.Name, status)
		if next.IsZero() {
			next = wall.Add(30 * time.Second)
		}
		if wall.Before(next) || len(hosts) < len(site.Hosts) || moments == 50 {
			return
		}
		moments, next = moments+1, next.Add(30*time.Second)
		list := slices.Collect(maps.Values(hosts))
		for name := range hosts {
			p, err := spare.Make(list, name)
			if err != nil {
				t.Fatal(err)
			}
			if plans++; !p.Fits() {
				placeless++
			}
		}
	})
	if err := run.ToQuiet(); err != nil {
		t.Fatal(err)
	}
	return plans, placeless, run.Result().Figures.Migrations
}

// spareOf is what a host has left and what its guests need, by its status. Guests that are coming
// count where they are.
func spareOf(name string, s hostagent.Status) spare.Host {
	h := spare.Host{ID: name, Kinds: []string{"vm"}, Free: spare.Room{
		Cores: s.Capacity.CPU - s.Used.CPU - s.Reserved.CPU, MemoryBytes: s.Capacity.MemoryBytes - s.Used.MemoryBytes - s.Reserved.MemoryBytes,
	}}
	for _, g := range s.Guests {
		if g.State != hostagent.Incoming {
			h.Guests = append(h.Guests, spare.Guest{ID: string(g.ID), Name: g.Name, Kind: "vm",
				Need: spare.Room{Cores: g.CPU, MemoryBytes: g.Declared.MemoryBytes}})
		}
	}
	return h
}
