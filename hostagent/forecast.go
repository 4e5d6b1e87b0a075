package hostagent

import (
	"math"
	"time"
)

// forecast is an exponential mean of irregular samples, whose time constant is
// Config.Smoothing, and a slow variance with weight 0.05 per 5 min, which separated
// steady from unsteady guests best.
type forecast struct {
	mean, variance float64
	known          bool
}

const slowWeight, slowEvery = 0.05, 5 * time.Minute

// add takes in a sample that holds for the elapsed time dt.
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
