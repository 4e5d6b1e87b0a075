package lcc

import (
	"testing"

	"parley/lcc/check"
)

// The checker knows the functors of calculations, and no others.
func TestCheckerKnowsCalculations(t *testing.T) {
	for k := range calculations {
		if !check.Calculates(k.name, k.arity) {
			t.Errorf("%s/%d is a calculation: the checker takes it for a term", k.name, k.arity)
		}
	}
	for _, name := range []string{"-", "abs", "round", "floor", "ceiling", "float", "+", "*", "/", "mod", "min", "max", "need", "is"} {
		for arity := 1; arity <= 3; arity++ {
			if check.Calculates(name, arity) != (calculations[key{name, arity}] != nil) {
				t.Errorf("%s/%d: the checker and the solver differ", name, arity)
			}
		}
	}
}
