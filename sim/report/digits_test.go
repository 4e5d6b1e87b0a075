package report

import (
	"math"
	"testing"
)

// A difference that a chart shows is in the digits too, and a zero is told from it.
func TestIntervalDigits(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		digits     int
		mean, half float64
		want       string
	}{
		{5, 0.000123, 0.000021, "0.00012 ±0.00002"}, {5, 0.0000123, 0.0000021, "1.2×10⁻⁵ ±2.1×10⁻⁶"}, {5, 1.2e-7, 3.4e-8, "1.2×10⁻⁷ ±3.4×10⁻⁸"}, {5, 0, 0, "0 ±0"},
		{0, 2.5, nan, "2.5"}, {0, 3, nan, "3"}, {0, 2.4, 1.12, "2.4 ±1.1"}, {0, 12.4, 0.52, "12.4 ±0.5"}, {0, 28391961, 120345.4, "28,391,961 ±120,345"},
		{4, 0.1313, 0.00012, "0.1313 ±0.0001"}, {2, 927.99, 1e-12, "927.99 ±0"}, {2, 927.99, 0.0001, "927.990 ±0.0001"}, {3, 0, 0.004, "0.000 ±0.004"},
		{1, 54622201.5, 86606.4, "54,622,202 ±86,606"}, {2, 12345.678, nan, "12,345.7"}, {1, nan, nan, "–"}, {1, math.Inf(1), nan, "∞"}, {3, -0.00045, nan, "−0.00045"},
	} {
		if got := (Measure{Digits: c.digits}).interval(Interval{Mean: c.mean, Half: c.half}); got != c.want {
			t.Errorf("%v ±%v with %d decimals: got %q, want %q", c.mean, c.half, c.digits, got, c.want)
		}
	}
}
