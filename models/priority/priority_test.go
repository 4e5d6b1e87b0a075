package priority_test

import (
	"fmt"
	"testing"

	"parley/hostagent"
	"parley/models/policytest"
	"parley/sim"
)

// lowestFirst fails where a guest was moved although one of a lower priority,
// which had not just come, stayed at the same host for good.
func lowestFirst(t *testing.T, s sim.Site, moves []sim.Move) {
	t.Helper()
	moved := map[string]bool{}
	for _, m := range moves {
		moved[m.Guest] = true
	}
	rank := map[string]int{}
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

func TestPriority(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 70, 2}, {4, 16, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Ranked(policytest.Uneven(policytest.Policy(t, "priority"), size.hosts, size.guests, size.seed))
			r := policytest.Run(t, s)
			t.Logf("%.2f to %.2f, %d moves, %d messages, %v", r.Before, r.After, len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
			lowestFirst(t, s, r.Moves)
			// Three questions and three answers, and mostly one.
			if most := 6 * len(r.Moves); r.Messages > most {
				t.Errorf("%d messages: got more than %d for %d moves", r.Messages, most, len(r.Moves))
			}
		})
	}
}

// Where every guest of the overloaded host is large and of a high priority, and
// nobody has room for one, lesser guests make it.
func TestPriorityMakesRoom(t *testing.T) {
	crowd := func(clears string) sim.Site {
		s := policytest.Alike(policytest.Policy(t, "priority", "clears(4)", clears), 6, 3, 0)
		s.Guests = nil
		add := func(name string, host int, cpu float64, priority int) {
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: name, Host: s.Hosts[host].Name, CPU: cpu, Priority: priority,
				Declared: hostagent.Resources{CPU: 8, MemoryBytes: 2 << 30},
			})
		}
		for k := range 3 {
			add(fmt.Sprintf("great%d", k), 0, 5, 50)
		}
		for h := 1; h < len(s.Hosts); h++ {
			for k := range 6 {
				add(fmt.Sprintf("small%d-%d", h, k), h, 1.6, 0)
			}
		}
		return s
	}
	r := policytest.Run(t, crowd("clears(4)"))
	t.Logf("%.2f to %.2f, %v", r.Before, r.After, r.Moves)
	policytest.NoneAbove(t, r.After, 0.82)
	policytest.NoPingPong(t, r.Moves)
	if len(r.Moves) < 2 {
		t.Errorf("got the moves %v, want lesser guests to make room for one that is great", r.Moves)
	}
	if r = policytest.Run(t, crowd("clears(0)")); r.After[0] < 0.9 {
		t.Errorf("without making room: got a load of %.2f, want the test to need it", r.After[0])
	}
}

// Messages are lost and doubled and agents crash: the overloaded hosts are
// relieved all the same.
func TestPriorityInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Trouble(policytest.Ranked(policytest.Uneven(policytest.Policy(t, "priority"), 8, 60, seed))))
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}
