package models_test

import (
	"fmt"
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
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := uneven(policy(t, "vickrey"), 8, 60, seed)
			s.Network = sim.Network{Loss: 0.1, Duplicate: 0.05, Jitter: 20 * time.Millisecond}
			s.Faults.Agents = 6
			r := run(t, s)
			noneAbove(t, r.After, 0.82)
			noPingPong(t, r.Moves)
		})
	}
}
