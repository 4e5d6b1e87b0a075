package report

import (
	"math"
	"testing"
)

func TestSeedText(t *testing.T) {
	for want, seeds := range map[string][]uint64{
		"": nil, "7": {7}, "1 to 5": {1, 2, 3, 4, 5}, "1 to 2, 9, 4": {1, 2, 9, 4}, "18446744073709551615": {math.MaxUint64},
	} {
		if got := seedText(seeds); got != want {
			t.Errorf("%v: got %q, want %q", seeds, got, want)
		}
	}
}

// A whole number in CSV has no exponent, and every value is read as it was.
func TestExact(t *testing.T) {
	for want, v := range map[string]float64{
		"28391961": 28391961, "9007199254740991": 1<<53 - 1, "1e+300": 1e300, "0.1": 0.1, "1e-07": 1e-7, "-3": -3, "0": 0, "": math.NaN(),
		"+Inf": math.Inf(1),
	} {
		if got := exact(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}
