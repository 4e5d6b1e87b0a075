package search_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/lcc"
	"parley/models/policytest"
	"parley/sim"
)

// groupOf is the number of a host's group, where groups are of one size.
func groupOf(s sim.Site, host string) int {
	for i, h := range s.Hosts {
		if h.Name == host {
			return i / s.Groups.Size
		}
	}
	return -1
}

// fullGroup is a site in groups of which the first has all its hosts overloaded,
// and the room is in the others.
func fullGroup(t *testing.T, hosts, size int, seed uint64) sim.Site {
	t.Helper()
	s := policytest.Alike(policytest.Policy(t, "search"), hosts, seed, 0.4)
	s.Groups = sim.Groups{By: "size", Size: size, Beyond: 8}
	for i := range s.Guests {
		if i/4 < size {
			s.Guests[i].CPU *= 2.4 // four guests of each host: 0.96 of it
		}
	}
	return s
}

// A whole group is overloaded: each of its hosts finds room in another.
func TestSearch(t *testing.T) {
	for _, size := range []struct{ hosts, group int }{{20, 10}, {60, 10}, {300, 20}} {
		t.Run(fmt.Sprintf("%d hosts in groups of %d", size.hosts, size.group), func(t *testing.T) {
			t.Parallel()
			s := fullGroup(t, size.hosts, size.group, 1)
			r := policytest.Run(t, s)
			t.Logf("%d moves, %d messages, %v", len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
			for _, m := range r.Moves {
				if groupOf(s, m.From) != 0 || groupOf(s, m.To) == 0 {
					t.Errorf("got the move %v, want one out of the first group", m)
				}
			}
			if most := 4 * len(r.Moves); r.Messages > most {
				t.Errorf("%d messages: got more than %d for %d moves", r.Messages, most, len(r.Moves))
			}
		})
	}
}

// Groups as hosts find them from a roster: the load of the site is relieved
// whatever group it is in.
func TestSearchInHashedGroups(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Uneven(policytest.Policy(t, "search"), size.hosts, size.guests, size.seed)
			s.Groups = sim.Groups{By: "hash", Size: 10}
			r := policytest.Run(t, s)
			t.Logf("%d moves, %d messages, %v", len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// While a host of the group has room nobody is asked beyond it.
func TestSearchWithinFirst(t *testing.T) {
	s := policytest.Alike(policytest.Policy(t, "search"), 40, 2, 0.3)
	s.Groups = sim.Groups{By: "size", Size: 10, Beyond: 8}
	for i := range s.Guests {
		if i/4%10 < 3 {
			s.Guests[i].CPU *= 3 // three hosts of each group: 0.9
		}
	}
	s.OnEntry = func(entry sim.Entry) {
		if entry.Kind == string(lcc.RecordSend) && strings.Contains(entry.Text, "request(") {
			t.Errorf("%v: got a request, want none while the group has room", entry)
		}
	}
	r := policytest.Run(t, s)
	if len(r.Moves) < 12 {
		t.Errorf("got %d moves, want one for each host in need", len(r.Moves))
	}
	for _, m := range r.Moves {
		if groupOf(s, m.From) != groupOf(s, m.To) {
			t.Errorf("got the move %v, want one within the group", m)
		}
	}
	policytest.NoneAbove(t, r.After, 0.82)
}

// One host of two hundred has room: it is found by requests that go from group to
// group, none of them twice to one host or further than the text allows.
func TestSearchFindsTheOne(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Alike(policytest.Policy(t, "search"), 199, seed, 0.72)
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: "more", Host: s.Hosts[0].Name, CPU: 2, Declared: hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30},
			})
			s.Hosts = append(s.Hosts, sim.SiteHost{Name: "spare", Capacity: s.Hosts[0].Capacity})
			s.Groups = sim.Groups{By: "size", Size: 20, Beyond: 8}
			s.OnEntry = func(entry sim.Entry) {
				if _, text, is := strings.Cut(entry.Text, ": request("); is && entry.Kind == string(lcc.RecordSend) {
					soundRequest(t, "request("+text)
				}
			}
			r := policytest.Run(t, s)
			t.Logf("%d moves, %d messages, %v", len(r.Moves), r.Messages, r.Took)
			if len(r.Moves) != 1 || r.Moves[0].To != "spare" {
				t.Errorf("got the moves %v, want one to the spare host", r.Moves)
			}
		})
	}
}

// soundRequest holds a request against the promises of the text.
func soundRequest(t *testing.T, text string) {
	t.Helper()
	request, err := lcc.ParseTerm(text)
	if err != nil {
		t.Fatal(err)
	}
	_, args, _ := lcc.Name(request)
	seen, _ := lcc.Slice(args[4])
	if hops, ok := args[3].(lcc.Int); !ok || hops < 0 || int(hops)+len(seen) != 7 {
		t.Errorf("%s: got %v hops left and %d that have seen it, want seven in all", text, args[3], len(seen))
	}
	once := map[string]bool{}
	for _, peer := range seen {
		if once[peer.String()] {
			t.Errorf("%s: %s has seen it twice", text, peer)
		}
		once[peer.String()] = true
	}
}

// Where there is no room anywhere it is asked less and less often.
func TestSearchInVain(t *testing.T) {
	s := policytest.Alike(policytest.Policy(t, "search"), 30, 3, 0.9)
	s.Groups = sim.Groups{By: "size", Size: 10, Beyond: 8}
	s.Quiet = -1
	r, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	perHostHour := float64(r.Messages) / float64(len(s.Hosts)) / r.Ran.Hours()
	t.Logf("%d moves, %.0f messages per host and hour", len(r.Moves), perHostHour)
	// One request of eight messages each two minutes, more in the first.
	if len(r.Moves) > 0 || perHostHour > 400 {
		t.Errorf("got %d moves and %.0f messages per host and hour, want none and at most 400", len(r.Moves), perHostHour)
	}
}

// Messages are lost and doubled, agents end, a host stops and the site falls into
// two parts: the overloaded hosts are relieved all the same.
func TestSearchInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Trouble(fullGroup(t, 12, 4, seed))
			r := policytest.Run(t, s)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}
