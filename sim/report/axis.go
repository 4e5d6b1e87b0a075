package report

import (
	"fmt"
	"math"
	"time"
)

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

// extent is the range of the finite values, including zero: bars and areas that do not
// begin at zero exaggerate.
func extent(values ...float64) (low, high float64) {
	for _, v := range values {
		if isNumber(v) && math.Abs(v) < 1e300 { // beyond this, differences overflow
			low, high = min(low, v), max(high, v)
		}
	}
	if high-low < 1e-300 { // below this, steps are no longer representable
		low, high = 0, 1
	}
	return low, high
}

// rounded widens an axis to whole steps of 1, 2 or 5 times a power of ten, about count
// of them, and returns the step.
func (a axis) rounded(count int) (axis, float64) {
	rough := (a.high - a.low) / float64(count)
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	step := 10 * power
	for _, times := range []float64{1, 2, 5} {
		if times*power >= rough*0.999 {
			step = times * power
			break
		}
	}
	a.low = math.Floor(a.low/step+1e-9) * step
	a.high = math.Ceil(a.high/step-1e-9) * step
	return a, step
}

func (a axis) ticks(step float64) []tick {
	digits := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	var ticks []tick
	for i := 0.0; i <= math.Round((a.high-a.low)/step); i++ {
		v := a.low + i*step
		ticks = append(ticks, tick{a.at(v), number(v, digits)})
	}
	return ticks
}

// timeSteps are steps that are usual for times.
var timeSteps = []time.Duration{
	time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond,
	time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 7 * day, 28 * day, 91 * day, 364 * day,
}

const day = 24 * time.Hour

// timeTicks returns at most count time ticks on an axis in seconds.
func (a axis) timeTicks(count int) []tick {
	total := time.Duration(min(a.high*float64(time.Second), math.MaxInt64/2))
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if total/s <= time.Duration(count) {
			step = s
			break
		}
	}
	var ticks []tick
	for t := time.Duration(0); t <= total && len(ticks) <= 2*count; t += step {
		ticks = append(ticks, tick{a.at(t.Seconds()), clock(t, step)})
	}
	return ticks
}

// clock formats a time on an axis with that step, briefly.
func clock(t, step time.Duration) string {
	if t > 0 && step < time.Hour && step >= time.Minute && t%time.Hour != 0 && t > time.Hour {
		return fmt.Sprintf("%d:%02d h", t/time.Hour, t%time.Hour/time.Minute)
	}
	if step < day && t%time.Hour == 0 && t > 0 {
		return fmt.Sprintf("%d h", t/time.Hour)
	}
	return span(t)
}
