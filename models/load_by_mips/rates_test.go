package loadbymips_test

import (
	"fmt"
	"slices"
	"testing"

	"parley/models/policytest"
	"parley/sim"
)

// apart returns how far the hosts are from each other, as a share of their mean.
func apart(rates []float64) float64 {
	var sum float64
	for _, r := range rates {
		sum += r
	}
	return policytest.Spread(rates) / sum * float64(len(rates))
}

func uneven(t *testing.T, hosts, guests int, seed uint64, replace ...string) sim.Site {
	return policytest.Counted(policytest.Uneven(policytest.Policy(t, "load_by_mips", replace...), hosts, guests, seed))
}

// Hosts come to execute about the same, whatever share of their processors that is.
func TestLoadByMIPS(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 40, 2}, {3, 24, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			s := uneven(t, size.hosts, size.guests, size.seed)
			r := policytest.Run(t, s)
			before, after := apart(policytest.Executed(s)), apart(policytest.Executed(s, r.Moves...))
			t.Logf("apart by %.3f to %.3f, %d moves, %d messages, %v", before, after, len(r.Moves), r.Messages, r.Took)
			if after > 0.12 || after > before/2 {
				t.Errorf("apart: got %.3f after %.3f, want at most 0.12 and half", after, before)
			}
			policytest.NoneAbove(t, r.After, 1)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// Where no guest is counted nothing is done, and where one is not its host takes no part.
func TestNothingCounted(t *testing.T) {
	s := uneven(t, 8, 40, 1)
	one := s
	one.Guests = slices.Clone(s.Guests)
	for i := range s.Guests {
		s.Guests[i].MIPS = 0
	}
	if r := policytest.Run(t, s); len(r.Moves) > 0 || r.Messages > 0 {
		t.Errorf("without a counter: got %d moves and %d messages, want none", len(r.Moves), r.Messages)
	}
	one.Guests[0].MIPS = 0
	r := policytest.Run(t, one)
	for _, m := range r.Moves {
		if m.From == one.Guests[0].Host || m.To == one.Guests[0].Host {
			t.Errorf("got the move %v, want none of the host with a guest that is not counted", m)
		}
	}
	if len(r.Moves) == 0 {
		t.Error("got no move, want those of the other hosts")
	}
}

// A changed gap in the text changes what happens.
func TestGap(t *testing.T) {
	narrow := policytest.Run(t, uneven(t, 8, 40, 1))
	wide := policytest.Run(t, uneven(t, 8, 40, 1, "gap(0.2)", "gap(0.7)"))
	if len(wide.Moves) >= len(narrow.Moves) || len(wide.Moves) == 0 {
		t.Errorf("moves: got %d with a wide gap and %d with a narrow one", len(wide.Moves), len(narrow.Moves))
	}
}

// Messages are lost and doubled, agents end, a host stops and the site falls into two
// parts: every deal ends, and hosts execute about the same in the end.
func TestLoadByMIPSInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Trouble(uneven(t, 8, 60, seed))
			r := policytest.Run(t, s)
			if after := apart(policytest.Executed(s, r.Moves...)); after > 0.15 {
				t.Errorf("apart: got %.3f, want at most 0.15", after)
			}
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// A host that refuses to take is not asked, and the others become even.
func TestRefusedRole(t *testing.T) {
	for seed := range uint64(4) {
		s := uneven(t, 8, 40, seed)
		last := &s.Hosts[len(s.Hosts)-1]
		last.Refuse = []string{"free"}
		r := policytest.Run(t, s)
		for _, m := range r.Moves {
			if m.To == last.Name {
				t.Errorf("seed %d: got the move %v, want none to the host that refuses the role", seed, m)
			}
		}
		others := len(s.Hosts) - 1
		before, after := apart(policytest.Executed(s)[:others]), apart(policytest.Executed(s, r.Moves...)[:others])
		if len(r.Moves) == 0 || after > 0.12 || after > before/2 {
			t.Errorf("seed %d: the others are apart by %.3f after %.3f with %d moves, want at most 0.12 and half", seed, after, before, len(r.Moves))
		}
	}
}
