package powersaving_test

import (
	"fmt"
	"math"
	"testing"

	"parley/models/policytest"
)

func TestPowerSaving(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Uneven(policytest.Policy(t, "power_saving"), 8, 24, seed)
			r := policytest.Run(t, s)
			used, sum := 0, 0.0
			for _, load := range r.After {
				sum += load
				if load > 0 {
					used++
				}
				if load > 0.86 {
					t.Errorf("a host has a load of %.2f, above the policy's high level", load)
				}
			}
			// Full is 0.80, and the greatest guest takes 0.19 of a host.
			if most := int(math.Ceil(sum/0.6)) + 1; used > most {
				t.Errorf("%d hosts have guests, %d would do: %.2f", used, most, r.After)
			}
			t.Logf("%d hosts for a load of %.2f, %d moves", used, sum, len(r.Moves))
			policytest.NoPingPong(t, r.Moves)
		})
	}
}
