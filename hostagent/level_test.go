package hostagent

import (
	"testing"

	"pgregory.net/rapid"
)

func TestLevels(t *testing.T) {
	l := levels{hold: 3, hysteresis: 0.1}
	for i, step := range []struct {
		load               float64
		above, below, high bool // above 0.7, below 0.3, above 0.9
	}{
		{0.8, false, false, false},
		{0.8, false, false, false},
		{0.75, true, false, false}, // the third sample
		{0.65, true, false, false}, // not back by the hysteresis
		{0.95, true, false, false},
		{0.95, true, false, false},
		{0.95, true, false, true},
		{0.6, false, false, false}, // back
		{0.2, false, false, false},
		{0.2, false, false, false},
		{0.2, false, true, false},
		{0.39, false, true, false},
		{0.4, false, false, false},
		{0.2, false, false, false},
	} {
		l.add(step.load, true)
		if above, below, high := l.above(0.7), l.below(0.3), l.above(0.9); above != step.above || below != step.below || high != step.high {
			t.Errorf("sample %d, load %g: got above 0.7 %v, below 0.3 %v, above 0.9 %v, want %v, %v, %v",
				i+1, step.load, above, below, high, step.above, step.below, step.high)
		}
	}
	l.forget()
	l.add(0.95, true)
	if l.above(0.7) {
		t.Error("above after the samples were forgotten: got true, want false")
	}
}

// TestLevelsBetweenSamples: looks in quick succession are one sample, and the sample
// does not count if one of them is not beyond the level.
func TestLevelsBetweenSamples(t *testing.T) {
	l := levels{hold: 2, hysteresis: 0.1}
	for range 10 {
		l.add(0.9, false)
	}
	if l.above(0.7) {
		t.Error("above after one sample of many looks: got true, want false")
	}
	l.add(0.9, true)
	if !l.above(0.7) {
		t.Error("above after two samples: got false, want true")
	}
	l = levels{hold: 2, hysteresis: 0.1}
	l.add(0.9, true)
	l.add(0.65, false)
	l.add(0.9, true)
	if l.above(0.7) {
		t.Error("above though a look in a sample was not: got true, want false")
	}
}

// TestLevelsAgainstReplay compares the stacks with a replay of every look.
func TestLevelsAgainstReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hold := rapid.IntRange(1, 4).Draw(t, "hold")
		hysteresis := float64(rapid.IntRange(0, 3).Draw(t, "hysteresis")) / 10
		l := levels{hold: hold, hysteresis: hysteresis}
		var loads []float64
		for range rapid.IntRange(1, 60).Draw(t, "samples") {
			load := float64(rapid.IntRange(0, 12).Draw(t, "load")) / 10
			loads = append(loads, load)
			l.add(load, true)
		}
		level := float64(rapid.IntRange(0, 12).Draw(t, "level")) / 10
		above := replay(loads, hold, func(v float64) bool { return v > level }, func(v float64) bool { return v <= level-hysteresis })
		below := replay(loads, hold, func(v float64) bool { return v < level }, func(v float64) bool { return v >= level+hysteresis })
		if got := l.above(level); got != above {
			t.Errorf("above %g of %v, hold %d, hysteresis %g: got %v, want %v", level, loads, hold, hysteresis, got, above)
		}
		if got := l.below(level); got != below {
			t.Errorf("below %g of %v, hold %d, hysteresis %g: got %v, want %v", level, loads, hold, hysteresis, got, below)
		}
	})
}

func replay(loads []float64, hold int, beyond, back func(float64) bool) bool {
	holds, run := false, 0
	for _, load := range loads {
		run++
		if !beyond(load) {
			run = 0
		}
		if run >= hold {
			holds = true
		} else if back(load) {
			holds = false
		}
	}
	return holds
}
