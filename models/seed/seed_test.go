package seed_test

import (
	"testing"

	"parley/models/policytest"
)

// The talk's policy, repaired, relieves hosts that are overloaded.
func TestSeed(t *testing.T) {
	s := policytest.Uneven(policytest.Policy(t, "seed"), 6, 30, 4)
	r := policytest.Run(t, s)
	for i, load := range r.After {
		if load > 0.85 {
			t.Errorf("host %d: got a load of %.2f, want what is not overloaded", i, load)
		}
	}
}
