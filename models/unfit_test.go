package models_test

import (
	"fmt"
	"testing"
)

// Hosts that stand empty and take no guest, for a rule that adverts do not tell, are
// always those with the least load: the others become even in spite of them, and do
// not ask them all the time. A peer that lies about its room is no other.
func TestUnfitHosts(t *testing.T) {
	for name, most := range map[string]int{"agility": 250, "sample": 100, "contract_net": 100} {
		for _, unfit := range []int{1, 3} {
			for seed := range uint64(3) {
				t.Run(fmt.Sprintf("%s %d unfit seed %d", name, unfit, seed), func(t *testing.T) {
					t.Parallel()
					s := uneven(policy(t, name), 10, 40, seed)
					fit := len(s.Hosts) - unfit
					for i := range s.Hosts[:fit] {
						s.Hosts[i].Labels = []string{"disk=ssd"}
					}
					for i := range s.Guests {
						g := &s.Guests[i]
						g.Rules.Requires = []string{"disk=ssd"}
						for _, h := range s.Hosts[fit:] {
							if g.Host == h.Name {
								g.Host = s.Hosts[i%fit].Name
							}
						}
					}
					r, err := s.Run()
					if err != nil {
						t.Fatal(err)
					}
					before, after := spread(r.Before[:fit]), spread(r.After[:fit])
					hostHours := r.Ran.Hours() * float64(len(s.Hosts))
					t.Logf("spread %.3f to %.3f, %d moves, %d messages in %v", before, after, len(r.Moves), r.Messages, r.Ran)
					if after > 0.07 || after > before/2 {
						t.Errorf("spread of the others: got %.3f after %.3f, want at most 0.07 and half", after, before)
					}
					if perHour := float64(r.Messages) / hostHours; r.Ran.Hours() > 1 && perHour > float64(most) {
						t.Errorf("got %.0f messages for each host and hour, want at most %d", perHour, most)
					}
					for _, m := range r.Moves {
						for _, h := range s.Hosts[fit:] {
							if m.To == h.Name {
								t.Errorf("got %v: that host does not fit", m)
							}
						}
					}
				})
			}
		}
	}
}
