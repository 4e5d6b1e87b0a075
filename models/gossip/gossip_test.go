package gossip_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/models/policytest"
	"parley/sim"
)

// estimates runs a site and returns what each host noted last of the average.
func estimates(t *testing.T, s sim.Site) map[string]float64 {
	t.Helper()
	noted := map[string]float64{}
	s.OnEntry = func(entry sim.Entry) {
		_, text, is := strings.Cut(entry.Text, "note(average, ")
		if entry.Kind != string(lcc.RecordSolved) || !is {
			return
		}
		value, err := strconv.ParseFloat(text[:strings.IndexByte(text, ')')], 64)
		if err != nil {
			t.Errorf("%s: %v", entry, err)
		}
		noted[entry.Host] = value
	}
	if _, err := s.Run(); err != nil {
		t.Fatal(err)
	}
	return noted
}

// near fails where an estimate is too far from the average.
func near(t *testing.T, noted map[string]float64, hosts int, want, most float64) {
	t.Helper()
	if len(noted) < hosts {
		t.Errorf("%d hosts noted an average, want %d", len(noted), hosts)
	}
	worst := 0.0
	for host, got := range noted {
		worst = max(worst, math.Abs(got-want))
		if math.Abs(got-want) > most {
			t.Errorf("%s: got %.4f, want %.4f within %.3f", host, got, want, most)
		}
	}
	t.Logf("an average of %.4f: at worst %.4f off", want, worst)
}

// Every host knows the average of all though it hears of twenty, also where
// hosts are not equal.
func TestGossip(t *testing.T) {
	for _, size := range []struct{ hosts, guests int }{{3, 12}, {30, 200}, {300, 1500}} {
		t.Run(fmt.Sprint(size.hosts), func(t *testing.T) {
			t.Parallel()
			s := policytest.Uneven(policytest.Policy(t, "gossip"), size.hosts, size.guests, 5)
			for i := range s.Hosts[:size.hosts/2] {
				s.Hosts[i].Capacity = hostagent.Resources{CPU: 32, MemoryBytes: 128 << 30}
			}
			s.Groups = sim.Groups{By: "random", Size: 20}
			s.Limit = 200 * time.Second
			near(t, estimates(t, s), size.hosts, policytest.Average(s, 0), 0.01)
		})
	}
}

// The next epoch finds what has changed.
func TestGossipFollows(t *testing.T) {
	s := policytest.Uneven(policytest.Policy(t, "gossip"), 30, 200, 6)
	for i := range s.Guests {
		use := float32(s.Guests[i].CPU / s.Guests[i].Declared.CPU)
		s.Guests[i].Load = &sim.Samples{Step: 5 * time.Minute, Values: []float32{use, use / 2}, Cores: s.Guests[i].Declared.CPU}
	}
	s.Limit, s.Quiet = 13*time.Minute, -1
	near(t, estimates(t, s), 30, policytest.Average(s, s.Limit), 0.005)
}

// Messages are lost and doubled, agents end, a host stops and the site falls into
// two parts: when that is over the next epochs find the average again.
func TestGossipInTrouble(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Trouble(policytest.Uneven(policytest.Policy(t, "gossip"), 30, 200, seed))
			s.Limit, s.Quiet = 20*time.Minute, -1
			near(t, estimates(t, s), 30, policytest.Average(s, 0), 0.03)
		})
	}
}
