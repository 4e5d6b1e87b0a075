package policytest

import (
	"math"
	"testing"

	"parley/sim"
)

func Spread(loads []float64) float64 {
	var sum, squares float64
	for _, l := range loads {
		sum += l
	}
	for _, l := range loads {
		squares += math.Pow(l-sum/float64(len(loads)), 2)
	}
	return math.Sqrt(squares / float64(len(loads)))
}

// NoPingPong fails when a guest returned to a host that it had left.
func NoPingPong(t *testing.T, moves []sim.Move) {
	t.Helper()
	left := map[string]bool{}
	for _, m := range moves {
		if left[m.Guest+" "+m.To] {
			t.Errorf("%s went back to %s at %v", m.Guest, m.To, m.At)
		}
		left[m.Guest+" "+m.From] = true
	}
}

// NoneAbove fails when the load of a host exceeds a level.
func NoneAbove(t *testing.T, loads []float64, level float64) {
	t.Helper()
	for i, load := range loads {
		if load > level {
			t.Errorf("host %d: got a load of %.3f, want at most %.2f", i, load, level)
		}
	}
}
