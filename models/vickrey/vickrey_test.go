package vickrey_test

import (
	"fmt"
	"testing"

	"parley/models/policytest"
)

func TestVickrey(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 40, 2}, {4, 16, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			r := policytest.Run(t, policytest.Uneven(policytest.Policy(t, "vickrey"), size.hosts, size.guests, size.seed))
			t.Logf("%.2f to %.2f, %d moves, %d messages, %v", r.Before, r.After, len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
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
			r := policytest.Run(t, policytest.Trouble(policytest.Uneven(policytest.Policy(t, "vickrey"), 8, 60, seed)))
			policytest.NoneAbove(t, r.After, 0.82)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}
