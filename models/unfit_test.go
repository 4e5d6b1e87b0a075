package models_test

import (
	"fmt"
	"slices"
	"testing"

	"parley/internal/race"
	"parley/models/policytest"
	"parley/sim"
)

// withUnfit has the last hosts of a site stand empty and take no guest, for a rule that
// adverts do not tell: they are always those with the least load.
func withUnfit(s sim.Site, unfit int) sim.Site {
	fit := len(s.Hosts) - unfit
	for i := range s.Hosts[:fit] {
		s.Hosts[i].Labels = []string{"disk=ssd"}
	}
	for i := range s.Guests {
		g := &s.Guests[i]
		g.Rules.Requires = []string{"disk=ssd"}
		if at := slices.IndexFunc(s.Hosts, func(h sim.SiteHost) bool { return h.Name == g.Host }); at >= fit {
			g.Host = s.Hosts[i%fit].Name
		}
	}
	return s
}

// The others become even in spite of them, and do not ask them all the time. A peer that
// lies about its room is no other.
func TestUnfitHosts(t *testing.T) {
	if race.Detector {
		t.Skip("TestDrawing has the detector watch sites side by side")
	}
	seeds := uint64(3)
	if testing.Short() {
		seeds = 1
	}
	for name, most := range map[string]float64{"agility": 250, "sample": 100, "contract_net": 100} {
		for _, unfit := range []int{1, 3} {
			for seed := range seeds {
				t.Run(fmt.Sprintf("%s %d unfit seed %d", name, unfit, seed), func(t *testing.T) {
					t.Parallel()
					s := withUnfit(policytest.Uneven(policytest.Policy(t, name), 10, 40, seed), unfit)
					fit := len(s.Hosts) - unfit
					r, err := s.Run()
					if err != nil {
						t.Fatal(err)
					}
					before, after := policytest.Spread(r.Before[:fit]), policytest.Spread(r.After[:fit])
					t.Logf("spread %.3f to %.3f, %d moves, %d messages in %v", before, after, len(r.Moves), r.Messages, r.Ran)
					if after > 0.07 || after > before/2 {
						t.Errorf("spread of the others: got %.3f after %.3f, want at most 0.07 and half", after, before)
					}
					perHour := float64(r.Messages) / r.Ran.Hours() / float64(len(s.Hosts))
					if r.Ran.Hours() > 1 && perHour > most {
						t.Errorf("got %.0f messages for each host and hour, want at most %.0f", perHour, most)
					}
				})
			}
		}
	}
}

// Hosts in need find room in spite of them.
func TestUnfitHostsInNeed(t *testing.T) {
	if race.Detector {
		t.Skip("TestDrawing has the detector watch sites side by side")
	}
	for _, name := range []string{"vickrey", "forward", "priority", "swap", "search", "power_saving", "by_priority"} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s seed %d", name, seed), func(t *testing.T) {
				t.Parallel()
				s := withUnfit(policytest.Uneven(policytest.Policy(t, name), 10, 40, seed), 3)
				r, err := s.Run()
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%.2f to %.2f, %d moves, %d messages in %v", r.Before, r.After, len(r.Moves), r.Messages, r.Ran)
				policytest.NoneAbove(t, r.After, 0.86)
				if len(r.Moves) == 0 {
					t.Error("nobody was in need")
				}
			})
		}
	}
}
