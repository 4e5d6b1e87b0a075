package baseline

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// overloadTest says whether a host is overloaded, or would be with one more guest
// (unless it is nil).
type overloadTest func(h *host, more *guest) bool

// With too little history, a fixed threshold decides.
const (
	fallbackThreshold = 0.7
	historyRegression = 10
	historySpread     = 12
)

// above is THR: overloaded if the demand exceeds a share of the capacity.
func above(threshold float64) overloadTest {
	return func(h *host, more *guest) bool {
		demand := h.demand
		if more != nil {
			demand += more.demand
		}
		return demand/h.Capacity() > threshold
	}
}

// aboveSpread is IQR and MAD: the threshold falls with the spread of the host's past
// use. The function spread may reorder its argument.
func aboveSpread(safety float64, spread func([]float64) float64) overloadTest {
	fallback := above(fallbackThreshold)
	return func(h *host, more *guest) bool {
		history := h.history(more)
		if len(history) < historySpread {
			return fallback(h, more)
		}
		return above(1-float64(safety*spread(history)))(h, more)
	}
}

// interquartile is the interquartile range.
func interquartile(values []float64) float64 {
	slices.Sort(values)
	quartile := func(q float64) float64 {
		return values[int(math.Floor(q*float64(len(values)+1)+0.5))-1]
	}
	return quartile(0.75) - quartile(0.25)
}

// medianDeviation is the median absolute deviation.
func medianDeviation(values []float64) float64 {
	middle := median(values)
	for i := range values {
		values[i] = math.Abs(values[i] - middle)
	}
	return median(values)
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// predictedFull is LR: a least-squares line through the last uses; overloaded if its
// prediction for the next tick, times safety, reaches the capacity.
func predictedFull(safety float64) overloadTest {
	fallback := above(fallbackThreshold)
	return func(h *host, more *guest) bool {
		history := h.history(more)
		if len(history) < historyRegression {
			return fallback(h, more)
		}
		return safety*nextByLine(history[:historyRegression]) >= 1
	}
}

// nextByLine extrapolates values, newest first, by a least-squares line.
func nextByLine(values []float64) float64 {
	at := make([]float64, len(values))
	for i := range at {
		at[i] = -float64(i)
	}
	start, slope := stat.LinearRegression(at, values, nil, false)
	return start + slope
}
