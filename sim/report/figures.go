package report

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat"
)

// Figure is the result of a policy in one measure, over its runs.
type Figure struct {
	Interval
	Best    bool    // no policy is better; false if all are equal
	Change  float64 // of the mean, relative to the first policy; NaN for the first itself, or if its mean is 0
	P       float64 // p value of the difference from the first policy; NaN if it was not tested
	Differs int     // -1: significantly less than the first policy; +1: more; 0: neither
}

// Figures returns the figures of each policy, [policy][measure]. A difference is tested
// over the seeds that both policies ran (paired t test), or with fewer than two common
// seeds as between independent samples (Welch). The chance of any false Differs in a
// column is at most 5 %, however many policies there are (Holm).
func (c Comparison) Figures() [][]Figure {
	table := make([][]Figure, len(c.Policies))
	for i := range table {
		table[i] = make([]Figure, len(c.Measures))
	}
	for j, m := range c.Measures {
		column := make([]Figure, len(c.Policies))
		for i, p := range c.Policies {
			column[i] = c.figure(i, NewInterval(p.values(m.Key)), m)
			if i > 0 {
				column[i].Change = change(column[0].Mean, column[i].Mean)
			}
		}
		markBest(column, m.Better, c.outOfContest(m))
		markDiffering(column)
		for i := range column {
			table[i][j] = column[i]
		}
	}
	return table
}

func (c Comparison) figure(i int, in Interval, m Measure) Figure {
	f := Figure{Interval: in, Change: math.NaN(), P: math.NaN()}
	if i > 0 {
		f.P = chance(c.Policies[0], c.Policies[i], m.Key)
	}
	return f
}

// values returns a measure's values of all runs, NaN for a run without one.
func (p Policy) values(key string) []float64 {
	values := make([]float64, len(p.Runs))
	for i, r := range p.Runs {
		values[i] = r.value(key)
	}
	return values
}

func (r Run) value(key string) float64 {
	if v, ok := r.Values[key]; ok {
		return v
	}
	return math.NaN()
}

func change(from, to float64) float64 {
	if from == 0 || !isNumber(from) || !isNumber(to) {
		return math.NaN()
	}
	return (to - from) / math.Abs(from)
}

// outOfContest says which policies are not marked as the best in a measure: those that
// do nothing, where doing nothing costs nothing.
func (c Comparison) outOfContest(m Measure) []bool {
	out := make([]bool, len(c.Policies))
	for i := range c.Policies {
		out[i] = m.Effort && c.doesNothing(i)
	}
	return out
}

// doesNothing says whether a policy did nothing: it has no models, or it had in each run
// the same main efforts as a policy without models.
func (c Comparison) doesNothing(i int) bool {
	if c.Policies[i].Idle {
		return true
	}
	for _, idle := range c.Policies {
		efforts, same := 0, idle.Idle
		for _, m := range c.Measures {
			if m.Effort && m.Main {
				efforts++
				same = same && alikeByRun(idle, c.Policies[i], m.Key)
			}
		}
		if same && efforts > 0 {
			return true
		}
	}
	return false
}

func markBest(column []Figure, better int, out []bool) {
	best, differ := math.NaN(), false
	for i, f := range column {
		if math.IsNaN(f.Mean) || out[i] {
			continue
		}
		differ = differ || !math.IsNaN(best) && !alike(f.Mean, best)
		if math.IsNaN(best) || float64(better)*f.Mean > float64(better)*best {
			best = f.Mean
		}
	}
	for i := range column {
		column[i].Best = better != 0 && differ && !out[i] && alike(column[i].Mean, best)
	}
}

// alike says whether two values differ by no more than the order in which they were
// summed up explains.
func alike(a, b float64) bool {
	return a == b || isNumber(a) && isNumber(b) && math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b))
}

// chance is the p value of the difference between two policies in a measure.
func chance(a, b Policy, key string) float64 {
	if diffs := paired(a, b, key); len(diffs) >= 2 {
		mean, deviation := stat.MeanStdDev(diffs, nil)
		return tail(mean, stat.StdErr(deviation, float64(len(diffs))), float64(len(diffs)-1))
	}
	x, y := numbers(a.values(key)), numbers(b.values(key))
	if len(x) < 2 || len(y) < 2 {
		return math.NaN()
	}
	mx, dx := stat.MeanStdDev(x, nil)
	my, dy := stat.MeanStdDev(y, nil)
	nx, ny := float64(len(x)), float64(len(y))
	vx, vy := dx*dx/nx, dy*dy/ny
	return tail(my-mx, math.Sqrt(vx+vy), (vx+vy)*(vx+vy)/(vx*vx/(nx-1)+vy*vy/(ny-1)))
}

// paired returns b's value minus a's for each seed that both measured.
func paired(a, b Policy, key string) []float64 {
	of := map[uint64]float64{}
	for _, r := range a.Runs {
		of[r.Seed] = r.value(key)
	}
	var diffs []float64
	for _, r := range b.Runs {
		v, ok := of[r.Seed]
		switch w := r.value(key); {
		case !ok || math.IsNaN(v) || math.IsNaN(w):
		case isNumber(v) && alike(v, w):
			diffs = append(diffs, 0)
		default:
			diffs = append(diffs, w-v)
		}
	}
	return diffs
}

// tail is the two-sided p value of a difference with this standard error.
func tail(difference, err, freedom float64) float64 {
	switch {
	case !isNumber(difference) || !isNumber(err):
		return math.NaN()
	case difference == 0:
		return 1
	case err == 0:
		return 0 // the difference is the same for every seed
	}
	return 2 * student(freedom).CDF(-math.Abs(difference/err))
}

// markDiffering applies Holm's procedure: it compares the smallest of n p values with 5
// % / n, the next with 5 % / (n-1), until one fails.
func markDiffering(column []Figure) {
	var tested []int
	for i, f := range column {
		if !math.IsNaN(f.P) {
			tested = append(tested, i)
		}
	}
	sort.SliceStable(tested, func(a, b int) bool { return column[tested[a]].P < column[tested[b]].P })
	for k, i := range tested {
		if column[i].P > (1-confidence)/float64(len(tested)-k) {
			return
		}
		column[i].Differs = 1
		if column[i].Mean < column[0].Mean {
			column[i].Differs = -1
		}
	}
}
