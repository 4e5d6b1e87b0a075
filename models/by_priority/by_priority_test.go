package bypriority_test

import (
	"fmt"
	"testing"

	"parley/models/policytest"
	"parley/sim"
)

// lowestFirst fails where a guest was moved away although one of a lower priority stayed at
// the same host for good.
func lowestFirst(t *testing.T, s sim.Site, moves []sim.Move) {
	t.Helper()
	moved, rank := map[string]bool{}, map[string]int{}
	for _, m := range moves {
		moved[m.Guest] = true
	}
	for _, g := range s.Guests {
		rank[g.Name] = g.Priority
	}
	for _, m := range moves {
		for _, g := range s.Guests {
			if g.Host == m.From && !moved[g.Name] && g.Priority < rank[m.Guest] {
				t.Errorf("%s of priority %d was moved away from %s, and %s of priority %d stayed", m.Guest, rank[m.Guest], m.From, g.Name, g.Priority)
			}
		}
	}
}

func ranked(t *testing.T, hosts, guests int, seed uint64) sim.Site {
	return policytest.Ranked(policytest.Uneven(policytest.Policy(t, "by_priority"), hosts, guests, seed))
}

func TestByPriority(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 70, 2}, {4, 16, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			s := ranked(t, size.hosts, size.guests, size.seed)
			r := policytest.Run(t, s)
			t.Logf("%.2f to %.2f, %d moves, %d messages, %v", r.Before, r.After, len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
			lowestFirst(t, s, r.Moves)
			// A question, an answer and what came of it, and mostly one of each.
			if most := 6 * len(r.Moves); r.Messages > most {
				t.Errorf("%d messages: got more than %d for %d moves", r.Messages, most, len(r.Moves))
			}
		})
	}
}

// Messages are lost and doubled, agents end, a host stops and the site falls into two
// parts: the overloaded hosts are relieved all the same.
func TestByPriorityInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Trouble(ranked(t, 8, 60, seed)))
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// Where all hosts are overloaded nobody has room, and nobody asks.
func TestNobodyHasRoom(t *testing.T) {
	r := policytest.Run(t, policytest.Ranked(policytest.Alike(policytest.Policy(t, "by_priority"), 6, 3, 0.9)))
	if len(r.Moves) > 0 || r.Messages > 0 {
		t.Errorf("got %d moves and %d messages, want none", len(r.Moves), r.Messages)
	}
}
