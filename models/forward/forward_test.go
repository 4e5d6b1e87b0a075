package forward_test

import (
	"fmt"
	"testing"

	"parley/hostagent"
	"parley/models/policytest"
	"parley/sim"
)

func TestForward(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 70, 2}, {4, 16, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Uneven(policytest.Policy(t, "forward"), size.hosts, size.guests, size.seed))
			t.Logf("%.2f to %.2f, %d moves, %d messages, %v", r.Before, r.After, len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
			// A request, six times handed on, and an answer: however many
			// hosts there are. Most come to somebody sooner.
			if most := 8 * len(r.Moves); r.Messages > most {
				t.Errorf("%d messages: got more than %d for %d moves", r.Messages, most, len(r.Moves))
			}
		})
	}
}

// Messages are lost and doubled and agents crash: the overloaded hosts are
// relieved all the same.
func TestForwardInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Trouble(policytest.Uneven(policytest.Policy(t, "forward"), 8, 60, seed)))
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// One host of many has room, and nobody knows which: it is found.
func TestForwardFindsTheOne(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Alike(policytest.Policy(t, "forward"), 20, seed, 0.75)
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: "more", Host: s.Hosts[0].Name, CPU: 2, Declared: hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30},
			})
			s.Hosts = append(s.Hosts, sim.SiteHost{Name: "spare", Capacity: s.Hosts[0].Capacity})
			r := policytest.Run(t, s)
			t.Logf("%d moves, %d messages, %v", len(r.Moves), r.Messages, r.Took)
			if len(r.Moves) != 1 || r.Moves[0].To != "spare" {
				t.Errorf("got the moves %v, want one to the spare host", r.Moves)
			}
			policytest.NoneAbove(t, r.After, 0.8)
		})
	}
}
