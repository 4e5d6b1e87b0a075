package models_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/sim"
)

// noneAbove fails where a host has more load than a level.
func noneAbove(t *testing.T, loads []float64, level float64) {
	t.Helper()
	for i, load := range loads {
		if load > level {
			t.Errorf("host %d: got a load of %.3f, want at most %.2f", i, load, level)
		}
	}
}

// trouble has messages lost and doubled, and while the first deals are
// negotiated and carried out agents end, a host stops, and half of the hosts do
// not reach the others.
func trouble(s sim.Site) sim.Site {
	chance := rand.New(rand.NewPCG(s.Seed, 2))
	s.Network = sim.Network{Loss: 0.1, Duplicate: 0.05, Jitter: 20 * time.Millisecond}
	fault := func(kind string, lasts time.Duration, hosts ...string) {
		s.Faults.Schedule = append(s.Faults.Schedule, sim.Fault{
			Kind: kind, Hosts: hosts, For: lasts, At: 14*time.Second + time.Duration(chance.Int64N(int64(time.Minute))),
		})
	}
	for range 6 {
		fault("agent", 10*time.Second, s.Hosts[chance.IntN(len(s.Hosts))].Name)
	}
	fault("host", time.Minute, s.Hosts[chance.IntN(len(s.Hosts))].Name)
	var half []string
	for _, h := range s.Hosts[len(s.Hosts)/2:] {
		half = append(half, h.Name)
	}
	fault("partition", 30*time.Second, half...)
	return s
}

func TestVickrey(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 40, 2}, {4, 16, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			r := run(t, uneven(policy(t, "vickrey"), size.hosts, size.guests, size.seed))
			t.Logf("%.2f to %.2f, %d moves, %d messages, %v", r.Before, r.After, len(r.Moves), r.Messages, r.Took)
			noneAbove(t, r.After, 0.82)
			noPingPong(t, r.Moves)
			// Four calls, four answers, the award and its answer: however many
			// hosts there are.
			if most := 10 * len(r.Moves); r.Messages > most {
				t.Errorf("%d messages: got more than %d for %d moves", r.Messages, most, len(r.Moves))
			}
		})
	}
}

// Messages are lost and doubled and agents crash: the overloaded hosts are
// relieved all the same.
func TestVickreyInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := run(t, trouble(uneven(policy(t, "vickrey"), 8, 60, seed)))
			noneAbove(t, r.After, 0.82)
			noPingPong(t, r.Moves)
		})
	}
}
