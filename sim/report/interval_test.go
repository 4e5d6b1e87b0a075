package report

import (
	"math"
	"testing"
)

// The t values are those of the printed tables (two-sided, 95 %).
func TestQuantile(t *testing.T) {
	for freedom, want := range map[float64]float64{1: 12.706, 2: 4.303, 4: 2.776, 9: 2.262, 19: 2.093, 29: 2.045, 120: 1.980} {
		if got := quantile(freedom); math.Abs(got-want) > 0.0006 {
			t.Errorf("t value for %g degrees of freedom: got %.4f, want %.3f", freedom, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name   string
		values []float64
		want   Interval
	}{
		{"none", nil, Interval{nan, nan, 0}},
		{"nothing measured", []float64{nan, nan}, Interval{nan, nan, 0}},
		{"one", []float64{7}, Interval{7, nan, 1}},
		{"one of two measured", []float64{nan, 7}, Interval{7, nan, 1}},
		// Mean 3, deviation 1.5811, standard error 0.7071, t 2.7764.
		{"five", []float64{1, 2, 3, 4, 5}, Interval{3, 1.9632, 5}},
		{"all alike", []float64{2, 2, 2}, Interval{2, 0, 3}},
		{"never", []float64{1, inf}, Interval{inf, nan, 2}},
		{"both infinities", []float64{-inf, inf}, Interval{nan, nan, 2}},
	} {
		if got := NewInterval(c.values); !near(got.Mean, c.want.Mean) || !near(got.Half, c.want.Half) || got.N != c.want.N {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 5e-5
}
