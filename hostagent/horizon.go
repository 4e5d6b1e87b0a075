package hostagent

import (
	"math"
	"time"
)

// horizon forecasts the load of the host for the next half hour: a mean that
// follows slowly and so many slow standard deviations that a wanted share of what
// then comes stays below. Of the forecasts that were tried on 4,834 days of
// PlanetLab's traces this one needed the least head-room; how many deviations it
// takes differs from host to host, so it is learnt from how the forecasts before
// came out.
type horizon struct {
	coverage float64 // wanted share of samples below the forecast

	mean, variance float64
	known          bool
	deviations     float64

	step      time.Duration // since the step began
	sum       float64       // load times duration in it
	pending   []prediction  // oldest first
	confident float64       // share of the samples of late that were below their forecasts
	judged    int           // forecasts whose half hour is over, up to judgedMax
}

// prediction is a forecast whose half hour is not over.
type prediction struct {
	value        float64
	steps, below int
}

const (
	horizonStep   = 5 * time.Minute
	horizonSteps  = 6    // half an hour
	horizonWeight = 0.3  // of the last step in the mean
	slowestWeight = 0.05 // of the last step in the variance
	// deviationsFirst is what is begun with, deviationsMost what is never
	// passed, and deviationsStep by how much a forecast that covered nothing
	// at all raises the number.
	deviationsFirst = 2.0
	deviationsMost  = 10.0
	deviationsStep  = 0.4
	judgedMax       = 12 // forecasts after which confidence is full
	confidentWeight = 0.1
)

// add takes in the load that held for a time.
func (h *horizon) add(load float64, dt time.Duration) {
	if dt <= 0 {
		return
	}
	for dt > 0 {
		part := min(dt, horizonStep-h.step)
		h.sum += load * part.Seconds()
		h.step += part
		dt -= part
		if h.step < horizonStep {
			return
		}
		h.end(h.sum / horizonStep.Seconds())
		h.step, h.sum = 0, 0
	}
}

// end takes in the mean load of a step, and forecasts anew.
func (h *horizon) end(load float64) {
	h.judge(load)
	if !h.known {
		h.mean, h.deviations, h.known = load, deviationsFirst, true
	} else {
		off := load - h.mean
		h.mean += horizonWeight * off
		h.variance = (1 - slowestWeight) * (h.variance + slowestWeight*off*off)
	}
	h.pending = append(h.pending, prediction{value: h.forecast()})
}

// judge holds the forecasts against what came, and takes more deviations where
// too little was covered, fewer where too much was.
func (h *horizon) judge(load float64) {
	for i := range h.pending {
		p := &h.pending[i]
		p.steps++
		if load <= p.value {
			p.below++
		}
	}
	for len(h.pending) > 0 && h.pending[0].steps == horizonSteps {
		covered := float64(h.pending[0].below) / horizonSteps
		h.pending = h.pending[1:]
		h.deviations = min(deviationsMost, max(0, h.deviations+deviationsStep*(h.coverage-covered)))
		if h.judged == 0 {
			h.confident = covered
		}
		h.confident += confidentWeight * (covered - h.confident)
		h.judged = min(judgedMax, h.judged+1)
	}
}

// forecast is the load that is not passed in the next half hour, for the wanted
// share of it. Before the first step is over it is not known.
func (h *horizon) forecast() float64 { return h.mean + h.deviations*math.Sqrt(h.variance) }

// confidence is how far the forecast can be relied on, 0 to 1: how much of what
// came the forecasts before have covered, and how many there were.
func (h *horizon) confidence() float64 {
	return h.confident * float64(h.judged) / judgedMax
}

// stability is how steady a guest's CPU use is, 0 to 1: 1 less two standard
// deviations as a share of its processors. The deviation of the recent past told
// steady from unsteady guests best, better than the deviation of the median and
// the coefficient of variation.
func stability(t *tracked) float64 {
	if t.guest.Declared.CPU <= 0 {
		return 0
	}
	return round(1 - min(1, 2*math.Sqrt(t.use.variance)/t.guest.Declared.CPU))
}
