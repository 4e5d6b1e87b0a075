package models_test

import (
	"fmt"
	"testing"
)

// Hosts that each ask two others become as even as where all tell all their load;
// what is said does not grow with the number of hosts.
func TestSample(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 40, 2}, {3, 12, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			r := run(t, uneven(policy(t, "sample"), size.hosts, size.guests, size.seed))
			before, after := spread(r.Before), spread(r.After)
			t.Logf("spread %.3f to %.3f, %d moves, %.1f messages a host, %v", before, after, len(r.Moves), float64(r.Messages)/float64(size.hosts), r.Took)
			if after > 0.07 || after > before/2 {
				t.Errorf("spread: got %.3f after %.3f, want at most 0.07 and half", after, before)
			}
			if most := 150 * size.hosts; r.Messages > most {
				t.Errorf("%d messages: got more than %d for %d hosts", r.Messages, most, size.hosts)
			}
			noPingPong(t, r.Moves)
		})
	}
}

// Messages are lost and doubled, agents end, a host stops and the site falls into
// two parts: every deal still ends, and the load is even in the end.
func TestSampleInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := run(t, trouble(uneven(policy(t, "sample"), 8, 60, seed)))
			if after := spread(r.After); after > 0.09 {
				t.Errorf("spread: got %.3f, want at most 0.09", after)
			}
			noPingPong(t, r.Moves)
		})
	}
}
