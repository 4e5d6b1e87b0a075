package hostagent

import (
	"math"
	"time"
)

// forecast is a mean of irregular samples that follows in the time that the
// configuration calls smoothing, and a variance that follows slowly: 0.05 for
// each 5 min, which told steady from unsteady guests best.
type forecast struct {
	mean, variance float64
	known          bool
}

const slowWeight, slowEvery = 0.05, 5 * time.Minute

// add takes in a sample that holds for the time dt that has passed.
func (f *forecast) add(value float64, dt, smoothing time.Duration) {
	if !f.known {
		f.mean, f.known = value, true
		return
	}
	off := value - f.mean
	f.mean += (1 - math.Exp(-float64(dt)/float64(smoothing))) * off
	slow := 1 - math.Pow(1-slowWeight, float64(dt)/float64(slowEvery))
	f.variance = (1 - slow) * (f.variance + slow*off*off)
}
