package agility_test

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"
	"time"

	"parley/models/policytest"
	"parley/sim"
)

func TestAgility(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 40, 2}, {3, 12, 3}, {30, 200, 7}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Uneven(policytest.Policy(t, "agility"), size.hosts, size.guests, size.seed))
			before, after := policytest.Spread(r.Before), policytest.Spread(r.After)
			t.Logf("spread %.3f to %.3f, %d moves, %d messages, %v", before, after, len(r.Moves), r.Messages, r.Took)
			// The gap of the policy is 0.12: all hosts within it of each
			// other have less than half of it for a deviation.
			if after > 0.07 || after > before/2 {
				t.Errorf("spread: got %.3f after %.3f, want at most 0.07 and half", after, before)
			}
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// TestAgilityInTrouble: with lost and duplicated messages and agent failures every deal
// still ends, no capacity is exceeded, and the load is even in the end.
func TestAgilityInTrouble(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Uneven(policytest.Policy(t, "agility"), 6, 30, seed)
			s.Network = sim.Network{Loss: 0.1, Duplicate: 0.05, Jitter: 20 * time.Millisecond}
			s.Faults.Agents = 6
			r := policytest.Run(t, s)
			if after := policytest.Spread(r.After); after > 0.1 {
				t.Errorf("spread: got %.3f, want at most 0.1", after)
			}
		})
	}
}

// A changed threshold in the text changes what happens, and nothing else does.
func TestThreshold(t *testing.T) {
	narrow := policytest.Run(t, policytest.Uneven(policytest.Policy(t, "agility"), 8, 40, 1))
	wide := policytest.Run(t, policytest.Uneven(policytest.Policy(t, "agility", "gap(0.12)", "gap(0.50)"), 8, 40, 1))
	if len(wide.Moves) >= len(narrow.Moves) {
		t.Errorf("moves: got %d with a wide gap and %d with a narrow one", len(wide.Moves), len(narrow.Moves))
	}
	if policytest.Spread(wide.After) <= policytest.Spread(narrow.After) {
		t.Errorf("spread: got %.3f with a wide gap and %.3f with a narrow one", policytest.Spread(wide.After), policytest.Spread(narrow.After))
	}
}

// TestSameSeed: the same seed gives the same run on every machine.
func TestSameSeed(t *testing.T) {
	var first sim.SiteResult
	for i, procs := range []int{1, 2, 4} {
		old := runtime.GOMAXPROCS(procs)
		s := policytest.Uneven(policytest.Policy(t, "agility"), 6, 30, 9)
		s.Network = sim.Network{Loss: 0.05, Jitter: 5 * time.Millisecond}
		s.Faults.Agents = 2
		r := policytest.Run(t, s)
		runtime.GOMAXPROCS(old)
		if i == 0 {
			first = r
		} else if !reflect.DeepEqual(r, first) {
			t.Errorf("with %d threads: got %+v, want %+v", procs, r, first)
		}
	}
}
