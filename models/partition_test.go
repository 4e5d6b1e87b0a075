package models_test

import (
	"fmt"
	"testing"
	"time"

	"parley/hostagent"
	"parley/internal/race"
	"parley/lcc"
	"parley/models/policytest"
	"parley/sim"
)

const (
	cutAt   = 10 * time.Minute
	cutEnds = 20 * time.Minute
)

// parted is a site whose network is cut into two halves for ten minutes. On each
// side the hosts with odd numbers become overloaded while it is cut; when it is
// whole again the first side as a whole is, and the other has room.
func parted(model *lcc.Model, hosts int, groups sim.Groups, seed uint64) sim.Site {
	s := sim.Site{
		Policies: []*lcc.Model{model}, Seed: seed, Groups: groups, Config: hostagent.DefaultConfig(),
		Limit: 30 * time.Minute, Quiet: -1,
	}
	s.Config.Cooldown = 2 * time.Minute
	cut := sim.Fault{Kind: "partition", At: cutAt, For: cutEnds - cutAt}
	for i := range hosts {
		first := i < hosts/2
		h := sim.SiteHost{Name: fmt.Sprintf("host%02d", i), Capacity: hostagent.Resources{CPU: 16, MemoryBytes: 64 << 30}}
		s.Hosts = append(s.Hosts, h)
		if first {
			cut.Hosts = append(cut.Hosts, h.Name)
		}
		load := &sim.Samples{Step: time.Minute, Cores: 4}
		for minute := range 30 {
			share := float32(0.3)
			switch {
			case minute > 10 && minute < 20 && i%2 == 1, minute > 20 && first:
				share = 0.9
			}
			load.Values = append(load.Values, share)
		}
		for k := range 4 {
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: fmt.Sprintf("guest%02d-%d", i, k), Host: h.Name, Load: load,
				Declared: hostagent.Resources{CPU: 4, MemoryBytes: 4 << 30},
			})
		}
	}
	s.Faults.Schedule = []sim.Fault{cut}
	return s
}

// While the network is cut each side goes on with the hosts that it reaches; when
// it is whole again deals cross. That no guest is lost or runs twice is checked
// after every step of a run.
func TestPartitionAndHealing(t *testing.T) {
	if race.Detector {
		t.Skip("TestDrawing has the detector watch sites side by side")
	}
	for _, c := range []struct {
		policy string
		hosts  int
		groups sim.Groups
	}{
		{"agility", 12, sim.Groups{}},
		{"search", 12, sim.Groups{}},
		{"search", 40, sim.Groups{By: "size", Size: 10, Beyond: 8}},
		{"search", 40, sim.Groups{By: "hash", Size: 16}}, // groups that the cut goes through
	} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%s in groups %s seed %d", c.policy, c.groups.By, seed), func(t *testing.T) {
				t.Parallel()
				s := parted(policytest.Policy(t, c.policy), c.hosts, c.groups, seed)
				first := map[string]bool{}
				for _, name := range s.Faults.Schedule[0].Hosts {
					first[name] = true
				}
				r, err := s.Run()
				if err != nil {
					t.Fatal(err)
				}
				within, crossed := map[bool]int{}, 0
				for _, m := range r.Moves {
					began := m.At - m.Took
					crosses := first[m.From] != first[m.To]
					switch {
					case began > cutAt && m.At < cutEnds && crosses:
						t.Errorf("got the move %v, which crosses the cut", m)
					case began > cutAt && m.At < cutEnds:
						within[first[m.From]]++
					case began > cutEnds && crosses:
						crossed++
					}
				}
				t.Logf("%d and %d moves within the sides while the network is cut, %d across when it is whole", within[true], within[false], crossed)
				if least := c.hosts / 8; within[true] < least || within[false] < least {
					t.Errorf("got %d and %d moves within the sides, want %d or more each", within[true], within[false], least)
				}
				if crossed < c.hosts/8 {
					t.Errorf("got %d moves across after the cut, want %d or more", crossed, c.hosts/8)
				}
				if r.Failed > 0 {
					t.Errorf("got %d deals that failed, want none", r.Failed)
				}
			})
		}
	}
}
