package report

import (
	"fmt"
	"math"
	"strings"
)

// A strip is a bar with an interval and dots, in a drawing that is stretched to the width
// it has: the script has no part in it, and texts are beside it in a table.
const (
	stripWidth = 1000.0 // of the drawing
	stripChars = 38     // of its ticks, at the width of a telephone
)

// card is a measure as a table, with a strip below each policy.
type card struct {
	Key, Title, Doc, Wish string
	Rows                  []cardRow
	Ticks                 []tick // in percent of the width
	Grid                  string
}

type cardRow struct {
	Class, Name string
	Cell        pageCell
	strip
}

// strip is what is drawn of a policy.
type strip struct {
	X, W          float64 // of the bar
	Zero          float64
	Whisker, Dots string // paths; "": there are none
	Unbounded     bool
	Tip           string
}

// card shows measure j.
func (c Comparison) card(j int, figures [][]Figure) card {
	m := c.Measures[j]
	out := card{Key: m.Key, Title: plain(m.head()), Doc: plain(m.Doc), Wish: m.wish()}
	a := c.measureAxis(j, figures)
	ticks := a.fitted(stripChars)
	var grid strings.Builder
	for _, t := range ticks {
		fmt.Fprintf(&grid, "M%s 0V28", place(t.At))
		out.Ticks = append(out.Ticks, tick{t.At / stripWidth * 100, t.Label})
	}
	out.Grid = grid.String()
	for i, p := range c.Policies {
		out.Rows = append(out.Rows, cardRow{colour(i), plain(p.Name), m.cell(figures[i][j], len(p.Runs)), p.strip(m, figures[i][j], a)})
	}
	return out
}

func (m Measure) wish() string {
	switch {
	case m.Better < 0:
		return "less is better"
	case m.Better > 0:
		return "more is better"
	}
	return ""
}

// measureAxis is an axis for all policies. What is negative in no run has no negative
// axis, however wide an interval is.
func (c Comparison) measureAxis(j int, figures [][]Figure) axis {
	var values, all []float64
	for i, p := range c.Policies {
		f := figures[i][j]
		values = append(values, p.values(c.Measures[j].Key)...)
		all = append(all, f.Mean-f.Half, f.Mean+f.Half)
	}
	low, _ := extent(values...)
	least, high := extent(append(all, values...)...)
	if low < 0 {
		low = least
	}
	edge := (high - low) / 50 // so that the last whisker is seen
	if low < 0 {
		low -= edge
	}
	return axis{low, high + edge, 0, stripWidth}
}

func (p Policy) strip(m Measure, f Figure, a axis) strip {
	s := strip{Tip: p.tip(m, f, a), Zero: a.at(0)}
	if math.IsNaN(f.Mean) {
		return s
	}
	s.Unbounded = !isNumber(f.Mean) // the bar ends at the edge
	from, to := a.at(0), a.at(min(max(f.Mean, a.low), a.high))
	s.X, s.W = min(from, to), math.Abs(to-from)
	if isNumber(f.Half) && f.Half > noise*math.Abs(f.Mean) {
		low, high := a.at(max(a.low, f.Mean-f.Half)), a.at(min(a.high, f.Mean+f.Half))
		s.Whisker = fmt.Sprintf("M%s 8H%s", place(low), place(high))
		for _, end := range []float64{low, high} {
			s.Whisker += fmt.Sprintf("M%s 4v8", place(end))
		}
	}
	if len(p.Runs) > 1 {
		s.Dots = dots(p.values(m.Key), a, 21)
	}
	return s
}

// dots is a path of lines of zero length: with round caps they are dots, in a tenth of
// the bytes of circles, and they stay round in a drawing that is stretched.
func dots(values []float64, a axis, y float64) string {
	var b strings.Builder
	for _, v := range values {
		if isNumber(v) && v >= a.low && v <= a.high {
			fmt.Fprintf(&b, "M%s %sh0", place(a.at(v)), place(y))
		}
	}
	return b.String()
}

// tip has the ends of what is drawn.
func (p Policy) tip(m Measure, f Figure, a axis) string {
	var parts []string
	if isNumber(f.Half) {
		parts = append(parts, fmt.Sprintf("95 %% interval %s to %s", m.format(max(a.low, f.Mean-f.Half)), m.format(f.Mean+f.Half)))
	}
	if f.N > 1 {
		measured := numbers(p.values(m.Key))
		parts = append(parts, fmt.Sprintf("seeds %s to %s", m.format(-maximum(negated(measured))), m.format(maximum(measured))))
	}
	return strings.Join(parts, "; ")
}

func negated(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = -v
	}
	return out
}

// place formats a coordinate with a precision of a tenth of a pixel.
func place(v float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
}

// colours is the number of colours in internal/charts; further policies repeat them with
// dashed lines.
const colours = 8

func colour(i int) string {
	class := fmt.Sprintf("p%d", i%colours)
	if i >= colours {
		class += fmt.Sprintf(" again%d", min(i/colours, 3))
	}
	return class
}

// alikeEverywhere says in words what all policies have in common in a measure, if that is
// all there is to say: nothing was measured, or nothing differs. Of a single policy it
// says so of a measure that is always zero.
func (c Comparison) alikeEverywhere(j int, figures [][]Figure) (string, bool) {
	m, first := c.Measures[j], math.NaN()
	same, zero := len(c.Policies) > 1, true
	for i, p := range c.Policies {
		f := figures[i][j]
		if i == 0 {
			first = f.Mean
		}
		same = same && (alike(f.Mean, first) || math.IsNaN(f.Mean) && math.IsNaN(first))
		same = same && alikeByRun(c.Policies[0], p, m.Key)
		for _, v := range p.values(m.Key) {
			zero = zero && v == 0
		}
	}
	unit := ""
	if m.Unit != "" {
		unit = " " + plain(m.Unit)
	}
	switch {
	case len(c.Policies) > 0 && zero:
		return "0 in all runs", true
	case same && math.IsNaN(first):
		return "not known", true
	case same:
		return m.interval(figures[0][j].Interval) + unit + " under each policy", true
	}
	return "", false
}

// alikeByRun says whether two policies have the same value in each seed that both ran.
func alikeByRun(a, b Policy, key string) bool {
	values := map[uint64]float64{}
	for _, r := range a.Runs {
		values[r.Seed] = r.value(key)
	}
	for _, r := range b.Runs {
		v, both := values[r.Seed]
		if own := r.value(key); both && !alike(v, own) && !(math.IsNaN(v) && math.IsNaN(own)) {
			return false
		}
	}
	return true
}
