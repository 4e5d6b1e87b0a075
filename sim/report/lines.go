package report

import (
	"fmt"
	"strings"
)

// Sizes of line charts, in the same units as those of bars.
const (
	linesWidth  = 560.0
	linesHeight = 250.0
	linesTop    = 10.0
	linesFoot   = 28.0
	linesEdge   = 14.0 // right
	linesPoints = 400  // of a line; more would share pixels
)

// lines is a line chart over time with a line for each policy.
type lines struct {
	Key, ID, Title, Doc, Desc string
	Width, Height             float64
	Left, Right, Top, Bottom  float64
	Seconds                   float64 // at the right edge
	Digits                    int
	X, Y                      []tick
	Lines                     []line
}

type line struct {
	Class, Name, Path string
	Policy            int       // its index in the comparison
	step              float64   // seconds between two points
	points            []float64 // values
	group             int       // ticks merged into a point
}

// charts returns the line charts that have data.
func (c Comparison) charts() []lines {
	var out []lines
	for i, s := range (&Course{}).series() {
		if l := c.chart(i, s); len(l.Lines) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// chart draws series i of all policies that have it.
func (c Comparison) chart(i int, s series) lines {
	l := lines{
		Key: s.key, ID: "t" + s.key, Title: s.name, Doc: s.doc, Width: linesWidth, Height: linesHeight,
		Right: linesWidth - linesEdge, Top: linesTop, Bottom: linesHeight - linesFoot, Digits: s.digits,
		Desc: "A line for each policy over the time of the run. Values at some times are in the table below.",
	}
	if s.unit != "" {
		l.Title += ", " + s.unit
	}
	var all []float64
	for k, p := range c.Policies {
		run, ok := p.charted()
		if !ok || len(run.Course.series()[i].values) == 0 {
			continue
		}
		points, group := thinned(run.Course.series()[i].values, linesPoints, s.merge)
		step := run.Course.Step.Seconds() * float64(group)
		l.Lines = append(l.Lines, line{Class: colour(k), Name: plain(p.Name), Policy: k, step: step, points: points, group: group})
		l.Seconds = max(l.Seconds, step*float64(max(len(points)-1, 1)))
		all = append(all, points...)
	}
	l.draw(all)
	return l
}

func (l *lines) draw(all []float64) {
	low, high := extent(all...)
	y, step := axis{low, high, l.Bottom, l.Top}.rounded(4)
	l.Y = y.ticks(step)
	longest := 0
	for _, t := range l.Y {
		longest = max(longest, len([]rune(t.Label)))
	}
	l.Left = 12 + charWidth*float64(longest)
	x := axis{0, max(l.Seconds, 1e-9), l.Left, l.Right}
	l.X = x.timeTicks(6)
	for i := range l.Lines {
		l.Lines[i].Path = l.Lines[i].path(x, y)
	}
}

// path leaves a gap at a point that is not a number; an isolated point becomes a dot.
func (l line) path(x, y axis) string {
	var b strings.Builder
	pen := false
	for i, v := range l.points {
		if !isNumber(v) || v < y.low || v > y.high {
			pen = false
			continue
		}
		if to := place(x.at(float64(i)*l.step)) + " " + place(y.at(v)); pen {
			fmt.Fprintf(&b, "L%s", to)
		} else {
			fmt.Fprintf(&b, "M%sh0", to)
		}
		pen = true
	}
	return b.String()
}
