package report

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// Front shows candidates by several goals at one time: those that no other one is better
// than in all goals are the front.
type Front struct {
	Goals  []string // keys of the comparison's measures
	Points []FrontPoint
}

// FrontPoint is a candidate.
type FrontPoint struct {
	Name   string
	Values map[string]float64 // the mean of each goal, or an estimate of it by fewer seeds
	Seeds  int                // on which it was tried
	Last   bool               // it was tried on all seeds
	On     bool               // it is on the front
	AsItIs bool               // it is what was there before
	Facts  string             // that make it, one a line; may be empty
}

func (c Comparison) checkFront() error {
	if c.Front == nil {
		return nil
	}
	for _, key := range c.Front.Goals {
		if !slices.ContainsFunc(c.Measures, func(m Measure) bool { return m.Key == key }) {
			return fmt.Errorf("front: goal %q is no measure of the comparison: add it to the measures", key)
		}
	}
	return nil
}

// Goals are the measures of the front.
func (c Comparison) Goals() (goals []Measure) {
	for _, key := range c.Front.Goals {
		for _, m := range c.Measures {
			if m.Key == key {
				goals = append(goals, m)
			}
		}
	}
	return goals
}

// Numbered returns the points that a table or drawing numbers: the front by its first goal, and then
// what was there before if it is not of the front.
func (f Front) Numbered() (points []FrontPoint) {
	for _, p := range f.Points {
		if p.On {
			points = append(points, p)
		}
	}
	slices.SortStableFunc(points, func(a, b FrontPoint) int { return cmp.Compare(a.Values[f.Goals[0]], b.Values[f.Goals[0]]) })
	for _, p := range f.Points {
		if p.AsItIs && !p.On {
			points = append(points, p)
		}
	}
	return points
}

// pageFront is the front on a page.
type pageFront struct {
	Heads    []string
	Rows     []frontRow
	Scatters []scatter
}

type frontRow struct {
	Number int
	Name   string
	AsItIs bool
	On     bool
	Values []string
	Facts  string
}

// scatter shows all candidates by two goals. Places are in percent of its width and height.
type scatter struct {
	Title        string
	Across, Up   string // titles of the axes
	Ticks, Sides []tick
	Grid         string
	Dropped      string // a path of dots: tried on a part of the seeds
	Kept         string // tried on all seeds
	Marks        []mark
}

type mark struct {
	X, Y   float64
	Number int
	AsItIs bool
	On     bool
	Tip    string
}

func (c Comparison) pageFront() *pageFront {
	if c.Front == nil || len(c.Front.Goals) == 0 {
		return nil
	}
	goals := c.Goals()
	out := &pageFront{}
	for _, m := range goals {
		out.Heads = append(out.Heads, plain(m.head()))
	}
	for i, p := range c.Front.Numbered() {
		row := frontRow{Number: i + 1, Name: plain(p.Name), AsItIs: p.AsItIs, On: p.On, Facts: p.Facts}
		for _, m := range goals {
			row.Values = append(row.Values, plain(m.Format(p.Values[m.Key])))
		}
		out.Rows = append(out.Rows, row)
	}
	for i := range goals {
		for j := range i {
			out.Scatters = append(out.Scatters, c.Front.scatter(goals[j], goals[i]))
		}
	}
	return out
}

// A scatter is drawn in a square of this size that is stretched to the room there is.
const scatterSize = 1000.0

func (f Front) scatter(across, up Measure) scatter {
	x, y := f.axis(across.Key, 0, scatterSize), f.axis(up.Key, scatterSize, 0)
	s := scatter{Title: plain(up.label() + " and " + across.label()), Across: plain(across.head()), Up: plain(up.head())}
	for _, t := range x.fitted(stripChars) {
		s.Grid += fmt.Sprintf("M%s 0V1000", place(t.At))
		s.Ticks = append(s.Ticks, tick{t.At / scatterSize * 100, t.Label})
	}
	for _, t := range y.ticks(y.step(5)) {
		s.Grid += fmt.Sprintf("M0 %sH1000", place(t.At))
		s.Sides = append(s.Sides, tick{t.At / scatterSize * 100, t.Label})
	}
	var dropped, kept strings.Builder
	for _, p := range f.Points {
		vx, vy := p.Values[across.Key], p.Values[up.Key]
		if !isNumber(vx) || !isNumber(vy) {
			continue
		}
		to := &kept
		if !p.Last {
			to = &dropped
		}
		fmt.Fprintf(to, "M%s %sh0", place(x.at(vx)), place(y.at(vy)))
	}
	s.Dropped, s.Kept = dropped.String(), kept.String()
	for i, p := range f.Numbered() {
		vx, vy := p.Values[across.Key], p.Values[up.Key]
		if !isNumber(vx) || !isNumber(vy) {
			continue
		}
		s.Marks = append(s.Marks, mark{
			X: x.at(vx) / scatterSize * 100, Y: y.at(vy) / scatterSize * 100, Number: i + 1, AsItIs: p.AsItIs, On: p.On,
			Tip: fmt.Sprintf("%s: %s %s, %s %s", plain(p.Name), across.label(), across.Format(vx), up.label(), up.Format(vy)),
		})
	}
	return s
}

// axis has room for all points, and need not begin at zero: it has no bars.
func (f Front) axis(key string, from, to float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range f.Points {
		if v := p.Values[key]; isNumber(v) && math.Abs(v) < overflowing {
			low, high = min(low, v), max(high, v)
		}
	}
	switch {
	case low > high:
		low, high = 0, 1
	case low == high:
		low, high = low-max(1, math.Abs(low))/10, high+max(1, math.Abs(high))/10
	}
	edge := (high - low) / 15 // so that the outermost dots are whole
	return axis{low - edge, high + edge, from, to}
}

// placed is a place in percent, for a style.
func placed(v float64) template.CSS { return template.CSS(place(v) + "%") }
