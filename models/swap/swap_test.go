package swap_test

import (
	"fmt"
	"testing"

	"parley/hostagent"
	"parley/lcc"
	"parley/models/policytest"
	"parley/sim"
)

func TestSwap(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 70, 2}, {4, 16, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Uneven(policytest.Policy(t, "swap"), size.hosts, size.guests, size.seed))
			t.Logf("%.2f to %.2f, %d moves, %d messages, %v", r.Before, r.After, len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
			// A question and its answer, for some guests two or three.
			if most := 4 * len(r.Moves); r.Messages > most {
				t.Errorf("%d messages: got more than %d for %d moves", r.Messages, most, len(r.Moves))
			}
		})
	}
}

// coarse is a site of five hosts: the first is overloaded by three large guests,
// for none of which any other has room.
func coarse(model *lcc.Model, seed uint64) sim.Site {
	s := policytest.Alike(model, 5, seed, 0)
	s.Guests = nil
	for h, host := range s.Hosts {
		guests, cores := 4, 2.2
		if h == 0 {
			guests, cores = 3, 5.07
		}
		for k := range guests {
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: fmt.Sprintf("guest%d-%d", h, k), Host: host.Name, CPU: cores,
				Declared: hostagent.Resources{CPU: 8, MemoryBytes: 2 << 30},
			})
		}
	}
	return s
}

// contrary is a site of two hosts: one has much CPU use and little memory, the
// other the opposite.
func contrary(model *lcc.Model, seed uint64) sim.Site {
	s := policytest.Alike(model, 2, seed, 0)
	s.Guests = nil
	for h, host := range s.Hosts {
		g := sim.SiteGuest{CPU: 2.4, Declared: hostagent.Resources{CPU: 4, MemoryBytes: 4 << 30}}
		if h == 1 {
			g = sim.SiteGuest{CPU: 0.5, Declared: hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30}}
		}
		for k := range 6 - h {
			g.Name, g.Host = fmt.Sprintf("guest%d-%d", h, k), host.Name
			s.Guests = append(s.Guests, g)
		}
	}
	g := s.Guests[len(s.Guests)-1]
	g.Name, g.Declared.MemoryBytes = "guest1-5", 6<<30
	s.Guests = append(s.Guests, g)
	return s
}

// Where no single move helps, two guests change places. A policy of single moves
// leaves such a host overloaded, so the site is what the test needs.
func TestSwapWhereNoMoveHelps(t *testing.T) {
	for name, site := range map[string]func(*lcc.Model, uint64) sim.Site{"coarse": coarse, "contrary": contrary} {
		t.Run(name, func(t *testing.T) {
			r := policytest.Run(t, site(policytest.Policy(t, "swap"), 1))
			t.Logf("%.2f to %.2f, %v", r.Before, r.After, r.Moves)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
			if len(r.Moves) != 2 || r.Moves[0].From != r.Moves[1].To || r.Moves[0].To != r.Moves[1].From {
				t.Errorf("got the moves %v, want one guest there and one back", r.Moves)
			}
			if r := policytest.Run(t, site(policytest.Policy(t, "vickrey"), 1)); len(r.Moves) > 0 || r.After[0] < 0.88 {
				t.Errorf("with single moves: got %v and a load of %.2f, want a site where none helps", r.Moves, r.After[0])
			}
		})
	}
}

// Messages are lost and doubled and agents crash between the legs: each leg is
// done or not, no host is fuller than the fullest was, and in the end none is
// overloaded.
func TestSwapInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Trouble(policytest.Uneven(policytest.Policy(t, "swap"), 8, 60, seed)))
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
			r = policytest.Run(t, policytest.Trouble(coarse(policytest.Policy(t, "swap"), seed)))
			t.Logf("%.2f to %.2f, %d moves", r.Before, r.After, len(r.Moves))
			policytest.NoneAbove(t, r.After, 0.9)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}
