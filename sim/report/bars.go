package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Sizes of the bars, in units of the drawing: pixels at its natural width.
const (
	barsWidth = 380.0
	barsEdge  = 8.0
	barsRow   = 40.0
	barsFoot  = 22.0
	charWidth = 7.3 // average of the font: the text cannot be measured here
)

// bars is the chart of a measure: for each policy a bar, the confidence interval over
// its seeds, and a dot for each seed.
type bars struct {
	ID, Title, Doc, Desc  string
	Width, Height, Bottom float64
	Zero                  float64
	Ticks                 []tick
	Rows                  []bar
}

type bar struct {
	Class           string // CSS class of its colour
	Name, Value     string
	Tip             string // tooltip
	TextY, Y, Mid   float64
	X, W            float64 // of the bar
	HasInterval     bool
	Low, High       float64 // ends of the interval
	Dots            string  // a path with a dot for each seed
	Best, Unbounded bool
}

// measureBars draws measure j.
func (c Comparison) measureBars(j int, figures [][]Figure) bars {
	m := c.Measures[j]
	b := bars{
		ID: fmt.Sprintf("m%d", j), Title: plain(m.head()), Doc: plain(m.Doc), Width: barsWidth,
		Bottom: barsRow*float64(len(c.Policies)) + 6,
		Desc:   "A bar for each policy, with the interval of the mean over its seeds. The figures are in the table of the comparison.",
	}
	b.Height = b.Bottom + barsFoot
	a := c.measureAxis(j, figures)
	a, step := a.rounded(4)
	b.Zero, b.Ticks = a.at(0), a.ticks(step)
	for i, p := range c.Policies {
		b.Rows = append(b.Rows, p.bar(i, m, figures[i][j], a))
	}
	return b
}

func (c Comparison) measureAxis(j int, figures [][]Figure) axis {
	var all []float64
	for i, p := range c.Policies {
		f := figures[i][j]
		all = append(all, f.Mean, f.Mean-f.Half, f.Mean+f.Half)
		all = append(all, p.values(c.Measures[j].Key)...)
	}
	low, high := extent(all...)
	return axis{low, high, barsEdge, barsWidth - barsEdge}
}

func (p Policy) bar(i int, m Measure, f Figure, a axis) bar {
	top := barsRow * float64(i)
	b := bar{
		Class: colour(i), Value: m.interval(f.Interval), Tip: p.tip(m, f),
		TextY: top + 15, Y: top + 21, Mid: top + 27, Best: f.Best,
	}
	room := barsWidth - 2*barsEdge - charWidth*float64(len([]rune(b.Value))+2)
	b.Name = text.Snip(plain(p.Name), max(1, int(room/charWidth)), "…")
	switch {
	case math.IsNaN(f.Mean):
		return b
	case !isNumber(f.Mean):
		b.Unbounded = true // the interval ends at the edge
	}
	from, to := a.at(0), a.at(min(max(f.Mean, a.low), a.high))
	b.X, b.W = min(from, to), math.Abs(to-from)
	if isNumber(f.Half) {
		b.HasInterval = true
		b.Low, b.High = a.at(f.Mean-f.Half), a.at(f.Mean+f.Half)
	}
	if len(p.Runs) > 1 {
		b.Dots = dots(p.values(m.Key), a, b.Mid)
	}
	return b
}

// dots is a path of lines of zero length: with round caps they are dots, in a tenth of
// the bytes of circles.
func dots(values []float64, a axis, y float64) string {
	var b strings.Builder
	for _, v := range values {
		if isNumber(v) && v >= a.low && v <= a.high {
			fmt.Fprintf(&b, "M%s %sh0", place(a.at(v)), place(y))
		}
	}
	return b.String()
}

// tip describes a bar in words.
func (p Policy) tip(m Measure, f Figure) string {
	var b strings.Builder
	unit := ""
	if m.Unit != "" {
		unit = " " + plain(m.Unit)
	}
	fmt.Fprintf(&b, "%s: %s%s", plain(p.Name), m.format(f.Mean), unit)
	if isNumber(f.Half) {
		fmt.Fprintf(&b, ", 95 %% interval %s to %s", m.format(f.Mean-f.Half), m.format(f.Mean+f.Half))
	}
	if f.N > 1 {
		measured := numbers(p.values(m.Key))
		fmt.Fprintf(&b, ", %d seeds from %s to %s", f.N, m.format(-maximum(negated(measured))), m.format(maximum(measured)))
	}
	if said := percent(f.Change); said != "" {
		fmt.Fprintf(&b, ", %s against the first", said)
	}
	return b.String()
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

// colours is the number of colours in page/chart.css; further policies repeat them with
// dashed lines.
const colours = 8

func colour(i int) string {
	class := fmt.Sprintf("p%d", i%colours)
	if i >= colours {
		class += fmt.Sprintf(" again%d", min(i/colours, 3))
	}
	return class
}
