package report

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is that of every interval; 1-confidence is the chance of a false
// difference in a column.
const confidence = 0.95

// Interval is a mean with its 95 % confidence interval.
type Interval struct {
	Mean float64
	Half float64 // the interval is Mean-Half to Mean+Half; NaN: there is none
	N    int     // number of values; with 0 the mean is NaN, with 1 Half is
}

// NewInterval returns the confidence interval of the mean of values. It skips NaN,
// which means not measured. An infinite value makes the mean infinite (NaN with both
// infinities), without an interval.
func NewInterval(values []float64) Interval {
	measured := numbers(values)
	in := Interval{Mean: math.NaN(), Half: math.NaN(), N: len(measured)}
	if in.N == 0 {
		return in
	}
	in.Mean = stat.Mean(measured, nil)
	if in.N > 1 && !math.IsInf(in.Mean, 0) && !math.IsNaN(in.Mean) {
		in.Half = quantile(float64(in.N-1)) * stat.StdErr(stat.StdDev(measured, nil), float64(in.N))
	}
	return in
}

// quantile is the t quantile of a two-sided interval.
func quantile(freedom float64) float64 {
	return student(freedom).Quantile(1 - (1-confidence)/2)
}

func student(freedom float64) distuv.StudentsT {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}
}

// isNumber says whether v is finite.
func isNumber(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func numbers(values []float64) []float64 {
	var out []float64
	for _, v := range values {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

func mean(values []float64) float64 {
	if measured := numbers(values); len(measured) > 0 {
		return stat.Mean(measured, nil)
	}
	return math.NaN()
}

func maximum(values []float64) float64 {
	most := math.NaN()
	for _, v := range values {
		if math.IsNaN(most) || v > most {
			most = v
		}
	}
	return most
}

func last(values []float64) float64 { return values[len(values)-1] }
