package evacuate_test

import (
	"fmt"
	"testing"

	"parley/models/policytest"
	"parley/sim"
)

// leaver is a site in which hosts want to be empty, by their ids.
func leaver(t *testing.T, hosts, guests int, seed uint64, names ...string) sim.Site {
	t.Helper()
	facts := ""
	for _, name := range names {
		facts += fmt.Sprintf("leaves(%q).\n", name)
	}
	return policytest.Uneven(policytest.Policy(t, "evacuate", "leaves(\"drain=yes\").", facts), hosts, guests, seed)
}

// takersBelow fails where a host that a guest was moved to has more load than a
// level in the end.
func takersBelow(t *testing.T, s sim.Site, r sim.SiteResult, level float64) {
	t.Helper()
	takes := map[string]bool{}
	for _, m := range r.Moves {
		takes[m.To] = true
	}
	for i, h := range s.Hosts {
		if takes[h.Name] && r.After[i] > level {
			t.Errorf("%s took guests: got a load of %.3f, want at most %.2f", h.Name, r.After[i], level)
		}
	}
}

func TestEvacuate(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
		names         []string
	}{
		{5, 20, 1, []string{"host00"}},
		{8, 40, 2, []string{"host00", "host01"}},
		{40, 200, 3, []string{"host00", "host07", "host30"}},
	} {
		t.Run(fmt.Sprintf("%d hosts seed %d", size.hosts, size.seed), func(t *testing.T) {
			t.Parallel()
			s := leaver(t, size.hosts, size.guests, size.seed, size.names...)
			there := map[string]int{}
			for _, g := range s.Guests {
				there[g.Host]++
			}
			r := policytest.Run(t, s)
			t.Logf("%.2f to %.2f, %d moves, %d messages, %v", r.Before, r.After, len(r.Moves), r.Messages, r.Took)
			moves := 0
			for _, name := range size.names {
				moves += there[name]
				for i, h := range s.Hosts {
					if h.Name == name && r.After[i] > 0 {
						t.Errorf("%s: got a load of %.2f, want none", name, r.After[i])
					}
				}
			}
			if len(r.Moves) != moves {
				t.Errorf("got %d moves, want one for each of %d guests", len(r.Moves), moves)
			}
			// Four questions, four answers, one taken and its answer; few are
			// in vain.
			if r.Messages > 12*moves {
				t.Errorf("got %d messages for %d moves, want at most twelve each", r.Messages, moves)
			}
			takersBelow(t, s, r, 0.81)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// A label of the host does what its id in the text does.
func TestEvacuateLabel(t *testing.T) {
	s := policytest.Uneven(policytest.Policy(t, "evacuate"), 5, 20, 1)
	s.Hosts[1].Labels = []string{"drain=yes"}
	r := policytest.Run(t, s)
	if r.Before[1] == 0 || r.After[1] > 0 || len(r.Moves) == 0 {
		t.Errorf("host01: got a load of %.2f after %.2f and %d moves, want none left", r.After[1], r.Before[1], len(r.Moves))
	}
}

// Where there is not enough room a host keeps what nobody takes, and peace.
func TestEvacuateNoRoom(t *testing.T) {
	s := leaver(t, 3, 34, 5, "host00")
	r := policytest.Run(t, s)
	t.Logf("%.2f to %.2f, %d moves, %d messages", r.Before, r.After, len(r.Moves), r.Messages)
	if r.After[0] == 0 || r.After[0] >= r.Before[0] {
		t.Errorf("host00: got a load of %.2f after %.2f, want some of it left", r.After[0], r.Before[0])
	}
	takersBelow(t, s, r, 0.81)
	policytest.NoPingPong(t, r.Moves)
}

// Messages are lost and doubled and agents crash: the host is emptied all the
// same.
func TestEvacuateInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Trouble(leaver(t, 6, 30, seed, "host01"))
			r := policytest.Run(t, s)
			if r.After[1] > 0 {
				t.Errorf("host01: got a load of %.2f, want none", r.After[1])
			}
			takersBelow(t, s, r, 0.81)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}
