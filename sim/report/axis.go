package report

import "math"

// tick is a mark on an axis.
type tick struct {
	At    float64 // in the units of the drawing
	Label string
}

// axis maps values to coordinates.
type axis struct {
	low, high float64 // values
	from, to  float64 // coordinates
}

func (a axis) at(v float64) float64 {
	return a.from + (v-a.low)/(a.high-a.low)*(a.to-a.from)
}

// overflowing is a value beyond which differences may overflow.
const overflowing = 1e300

// extent is the range of the finite values, including zero: bars that do not begin at
// zero exaggerate.
func extent(values ...float64) (low, high float64) {
	for _, v := range values {
		if isNumber(v) && math.Abs(v) < overflowing {
			low, high = min(low, v), max(high, v)
		}
	}
	if high-low < 1e-300 { // below this, steps are no longer representable
		low, high = 0, 1
	}
	return low, high
}

// step is 1, 2 or 5 times a power of ten, so that an axis has about count of them.
func (a axis) step(count int) float64 {
	rough := (a.high - a.low) / float64(count)
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, times := range []float64{1, 2, 5} {
		if times*power >= rough*0.999 {
			return times * power
		}
	}
	return 10 * power
}

// ticks are at the whole steps of an axis.
func (a axis) ticks(step float64) []tick {
	digits := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	var ticks []tick
	for i := math.Ceil(a.low/step - 1e-9); i <= a.high/step+1e-9; i++ {
		v := i * step
		label := number(v, digits)
		switch {
		case v == 0:
			label = "0"
		case small(step):
			label = scientific(v)
		}
		ticks = append(ticks, tick{a.at(v), label})
	}
	return ticks
}

// fitted returns the ticks of an axis whose labels have room side by side, in a width in
// characters.
func (a axis) fitted(width int) []tick {
	for count := 5; ; count-- {
		ticks := a.ticks(a.step(count))
		needed := 0
		for _, t := range ticks {
			needed += len([]rune(t.Label)) + 2
		}
		if needed <= width || count == 1 {
			return ticks
		}
	}
}
