package baseline

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestSpreads(t *testing.T) {
	near(t, "median of an odd number", median([]float64{3, 1, 2}), 2)
	near(t, "median of an even number", median([]float64{4, 1, 2, 8}), 3)
	near(t, "interquartile range", interquartile([]float64{12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}), 10-3)
	near(t, "median deviation", medianDeviation([]float64{1, 1, 2, 2, 4, 6, 9}), 1)
}

func TestNextByLine(t *testing.T) {
	near(t, "a line", nextByLine([]float64{19, 17, 15, 13, 11, 9, 7, 5, 3, 1}), 21)
	near(t, "noise about a line", nextByLine([]float64{2, 1, 2, 1}), 1.5+0.2*2.5)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-5, 5).Draw(t, "a"), rapid.Float64Range(-5, 5).Draw(t, "b")
		var newestFirst []float64
		for x := 10; x >= 1; x-- {
			newestFirst = append(newestFirst, a+b*float64(x))
		}
		if got, want := nextByLine(newestFirst), a+b*11; math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v + %v x: got %v at 11, want %v", a, b, got, want)
		}
	})
}

// g5 is a host of 5,320 MIPS with guests of these demands.
func g5(demands ...float64) *host {
	h := &host{Host: &emptyFleet(0, 2).Hosts[1]}
	for i, demand := range demands {
		h.add(&guest{Guest: &guestTypes[i%len(guestTypes)], index: i, demand: demand, home: h}, false)
	}
	return h
}

func TestOverloadTests(t *testing.T) {
	more := &guest{Guest: &guestTypes[3], demand: 500}
	h := g5(2000, 2000)
	for _, c := range []struct {
		what string
		test overloadTest
		more *guest
		want bool
	}{
		{"75 %, at most 80", above(0.8), nil, false},
		{"85 %, at most 80", above(0.8), more, true},
		{"too little history, 75 % of 70", predictedFull(1.2), nil, true},
		{"too little history, 75 % of 70", aboveSpread(1.5, interquartile), nil, true},
	} {
		if got := c.test(h, c.more); got != c.want {
			t.Errorf("%s: got %v, want %v", c.what, got, c.want)
		}
	}
	remember := func(newestFirst ...float64) {
		h.places[0].history, h.places[1].history = nil, newestFirst
		h.places[1].Guest = &Guest{MIPS: h.Capacity()}
	}
	remember(0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45) // 0.95 next
	if predictedFull(1.05)(h, nil) || !predictedFull(1.06)(h, nil) {
		t.Error("a line to 95 %: got another answer than full at 1.06 and not at 1.05")
	}
	remember(0.2, 0.4, 0.2, 0.4, 0.2, 0.4, 0.2, 0.4, 0.2, 0.4, 0.2, 0.4) // both measures of spread are large
	if aboveSpread(1, interquartile)(h, nil) || !aboveSpread(1.5, interquartile)(h, nil) {
		t.Error("75 % and a range of 0.2: got another answer than overloaded at 1.5 and not at 1")
	}
	if aboveSpread(2, medianDeviation)(h, nil) || !aboveSpread(2.6, medianDeviation)(h, nil) {
		t.Error("75 % and a deviation of 0.1: got another answer than overloaded at 2.6 and not at 2")
	}
}

func TestHistory(t *testing.T) {
	h := g5(0, 0)
	h.places[0].history = []float64{0.5, 0, 0.1, 0}
	h.places[1].history = []float64{0.25, 0}
	got := h.history(&guest{Guest: &Guest{MIPS: 5320}, history: []float64{0.1}})
	want := []float64{(0.5*2500+0.25*2000)/5320 + 0.1, 0, 0.1 * 2500 / 5320}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		near(t, "history", got[i], want[i])
	}
}
