package lcc

import (
	"testing"

	"parley/lcc/check"
)

// The checker knows the functors of calculations, and no others.
func TestCheckerKnowsCalculations(t *testing.T) {
	for name := range unary {
		if !check.Calculates(name, 1) {
			t.Errorf("%s/1 is a calculation: the checker takes it for a term", name)
		}
	}
	for name := range binary {
		if !check.Calculates(name, 2) {
			t.Errorf("%s/2 is a calculation: the checker takes it for a term", name)
		}
	}
	for _, name := range []string{"-", "abs", "round", "floor", "ceiling", "float", "+", "*", "/", "mod", "min", "max", "need", "is"} {
		if check.Calculates(name, 1) != (unary[name] != nil) || check.Calculates(name, 2) != (binary[name] != nil) || check.Calculates(name, 3) {
			t.Errorf("%s: the checker and the solver differ", name)
		}
	}
}
