package models_test

import (
	"fmt"
	"testing"

	"parley/hostagent"
	"parley/internal/race"
	"parley/models/policytest"
)

// drawing are the policies whose hosts ask a few others, drawn by chance, and how
// many messages a host may send until the site is at rest: the number of hosts
// has no part in it.
var drawing = map[string]int{"sample": 150, "contract_net": 250}

// Hosts that ask a few become as even as where all tell all their load.
func TestDrawing(t *testing.T) {
	for name, most := range drawing {
		for _, size := range []struct {
			hosts, guests int
			seed          uint64
		}{{8, 40, 1}, {8, 40, 2}, {3, 12, 3}, {30, 200, 7}, {90, 600, 8}} {
			if race.Detector && size.hosts > 8 {
				continue // more of the same goroutines
			}
			t.Run(fmt.Sprintf("%s %d hosts %d guests seed %d", name, size.hosts, size.guests, size.seed), func(t *testing.T) {
				t.Parallel()
				r := policytest.Run(t, policytest.Uneven(policytest.Policy(t, name), size.hosts, size.guests, size.seed))
				before, after := policytest.Spread(r.Before), policytest.Spread(r.After)
				t.Logf("spread %.3f to %.3f, %d moves, %d messages, %v", before, after, len(r.Moves), r.Messages, r.Took)
				if after > 0.07 || after > before/2 {
					t.Errorf("spread: got %.3f after %.3f, want at most 0.07 and half", after, before)
				}
				if r.Messages > most*size.hosts {
					t.Errorf("%d messages: got more than %d a host", r.Messages, most)
				}
				policytest.NoPingPong(t, r.Moves)
			})
		}
	}
}

// Messages are lost and doubled, agents end, a host stops and the site falls into
// two parts: every deal still ends, and the load is even in the end.
func TestDrawingInTrouble(t *testing.T) {
	if race.Detector {
		t.Skip("TestDrawing has the detector watch sites side by side")
	}
	for name := range drawing {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(name, seed), func(t *testing.T) {
				t.Parallel()
				r := policytest.Run(t, policytest.Trouble(policytest.Uneven(policytest.Policy(t, name), 8, 60, seed)))
				if after := policytest.Spread(r.After); after > 0.09 {
					t.Errorf("spread: got %.3f, want at most 0.09", after)
				}
				policytest.NoPingPong(t, r.Moves)
			})
		}
	}
}

// Loads that swing: what guests do not get falls to a fiftieth of what it is without
// moves, few deals are refused, and no guest is back within the hour, which the
// hosts see to.
func TestSwingingLoadIsEvened(t *testing.T) {
	if race.Detector {
		t.Skip("TestDrawing has the detector watch sites side by side")
	}
	still, err := policytest.Swinging(policytest.Policy(t, "evacuate"), 2).Run() // nobody leaves
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"sample", "contract_net", "sender_initiated"}
	if testing.Short() {
		names = names[:1]
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := policytest.Swinging(policytest.Policy(t, name), 2)
			s.Config.ReturnAfter = hostagent.DefaultConfig().ReturnAfter
			if name == "sender_initiated" {
				s = policytest.Beside(t, s)
			}
			r, err := s.Run()
			if err != nil {
				t.Fatal(err)
			}
			f := r.Figures
			t.Logf("unserved %.4f %% (%.4f %%), %d migrations, %d deals refused, %.1f messages per host and hour",
				100*f.Unserved, 100*still.Figures.Unserved, f.Migrations, f.Refused, f.PerHostHour)
			if f.Unserved > still.Figures.Unserved/50 {
				t.Errorf("got a share of %.5f unserved, want at most a fiftieth of %.5f", f.Unserved, still.Figures.Unserved)
			}
			if f.PingPongs > 0 || f.Refused > f.Migrations/5 {
				t.Errorf("got %d moves back within an hour and %d deals refused of %d", f.PingPongs, f.Refused, f.Refused+f.Migrations)
			}
		})
	}
}
