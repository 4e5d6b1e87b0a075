//go:build linux

package main

import "testing"

// TestContent checks the bounds with states that must and must not pass: bounds that
// accept everything would prove nothing.
func TestContent(t *testing.T) {
	for _, c := range []struct {
		name         string
		content      func([]float64, []int) error
		loads        []float64
		guests       []int
		wantsContent bool
	}{
		{"two on each", even, []float64{0.4, 0.4, 0.38}, []int{2, 2, 2}, true},
		{"three, two, one", even, []float64{0.6, 0.4, 0.2}, []int{3, 2, 1}, false},
		{"all on one", even, []float64{1.2, 0, 0}, []int{6, 0, 0}, false},
		{"packed on two", packed, []float64{0.6, 0, 0.62}, []int{3, 0, 3}, true},
		{"four and two", packed, []float64{0.78, 0.4, 0}, []int{4, 2, 0}, true},
		{"not packed", packed, []float64{0.4, 0.4, 0.38}, []int{2, 2, 2}, false},
		{"too full", packed, []float64{1.2, 0, 0}, []int{6, 0, 0}, false},
	} {
		if err := c.content(c.loads, c.guests); (err == nil) != c.wantsContent {
			t.Errorf("%s: got %v, want content: %v", c.name, err, c.wantsContent)
		}
	}
}
