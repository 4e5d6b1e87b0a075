package report

import (
	"math"
	"strconv"
	"time"
)

const (
	linesPoints = 200 // of a line after its first; the script draws no more
	seedsDrawn  = 10  // whose lines the page has; --series has all
)

// lines are the data of a chart over time: for each policy the mean of its runs with their
// range, and the line of each run.
type lines struct {
	Key, ID, Title, Doc, Axis string
	Digits                    int
	Count                     bool
	Tick                      float64 // seconds
	Group                     int     // ticks of a point
	Lines                     []line
}

type line struct {
	Class, Name     string
	Policy          int // its index in the comparison
	Mean, Low, High []float64
	Seeds           []seedLine
}

type seedLine struct {
	Seed   uint64
	Ticks  int
	Points []float64
}

// charts returns the charts over time that show a difference, and says of the others what
// they would show.
func (c Comparison) charts() (drawn []lines, told []string) {
	for i, s := range (&Course{}).series() {
		l := c.chart(i, s)
		switch v, constant := l.constant(); {
		case len(l.Lines) == 0:
		case constant:
			told = append(told, s.name+": "+Measure{Digits: s.digits}.format(v)+" all the time, in all runs.")
		default:
			drawn = append(drawn, l)
		}
	}
	return drawn, told
}

// chart has series i of all policies that have it.
func (c Comparison) chart(i int, s series) lines {
	l := lines{Key: s.key, ID: "t-" + s.key, Title: s.name, Doc: s.doc, Axis: s.axis, Digits: s.digits, Count: s.count, Group: 1}
	if s.unit != "" {
		l.Title += ", " + s.unit
	}
	longest, shortest := 0, math.MaxInt
	for _, p := range c.Policies {
		for _, run := range p.withSeries(i) {
			ticks := len(run.Course.series()[i].values)
			longest, shortest, l.Tick = max(longest, ticks), min(shortest, ticks), run.Course.Step.Seconds()
		}
	}
	l.Group = groupOf(longest, linesPoints)
	for k, p := range c.Policies {
		runs := p.withSeries(i)
		if len(runs) == 0 {
			continue
		}
		one := line{Class: colour(k), Name: plain(p.Name), Policy: k}
		var whole [][]float64 // as long as the shortest, so that a mean is over all
		for _, run := range runs {
			values := run.Course.series()[i].values
			one.Seeds = append(one.Seeds, seedLine{run.Seed, len(values), thinned(values, l.Group, s.merge)})
			whole = append(whole, thinned(values[:shortest], l.Group, s.merge))
		}
		one.Mean, one.Low, one.High = over(whole)
		l.Lines = append(l.Lines, one)
	}
	return l
}

// withSeries returns the runs that have series i.
func (p Policy) withSeries(i int) (runs []Run) {
	for _, run := range p.Runs {
		if run.Course != nil && len(run.Course.series()[i].values) > 0 {
			runs = append(runs, run)
		}
	}
	return runs
}

// constant is the only value of a chart, if it has no other.
func (l lines) constant() (v float64, is bool) {
	first := true
	for _, line := range l.Lines {
		for _, seed := range line.Seeds {
			for _, point := range seed.Points {
				if first {
					v, first = point, false
				}
				if point != v {
					return 0, false
				}
			}
		}
	}
	return v, !first
}

// at is the time of a point, in seconds, of a line of so many ticks.
func (l lines) at(point, ticks int) float64 { return l.Tick * float64(min(point*l.Group, ticks-1)) }

// ticks is the number of ticks that the means cover: those of the shortest run.
func (l lines) ticks() int {
	least := math.MaxInt
	for _, line := range l.Lines {
		for _, seed := range line.Seeds {
			least = min(least, seed.Ticks)
		}
	}
	return least
}

// table has the means at some times, with their ranges, for readers who do not see the
// lines.
func (l lines) table() [][]string {
	var rows [][]string
	m := Measure{Digits: l.Digits}
	points := len(l.Lines[0].Mean)
	each := max(1, (points-1+tableRows-1)/tableRows)
	for k := 0; k < points; k += each {
		row := []string{span(time.Duration(l.at(k, l.ticks()) * float64(time.Second)))}
		for _, line := range l.Lines {
			cell := m.format(line.Mean[k])
			if line.Low[k] < line.High[k] {
				cell += " (" + m.format(line.Low[k]) + " to " + m.format(line.High[k]) + ")"
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// The data of a chart for the script.
type (
	dataChart struct {
		Axis   string     `json:"axis"`
		Count  bool       `json:"count"`
		Digits int        `json:"digits"`
		Step   float64    `json:"step"` // seconds between two points
		End    float64    `json:"end"`  // seconds; of the means
		Unit   float64    `json:"unit"` // of all values
		Lines  []dataLine `json:"lines"`
	}
	dataLine struct {
		Policy int                `json:"policy"`
		Mean   changes            `json:"mean"`
		Low    changes            `json:"low,omitempty"`
		High   changes            `json:"high,omitempty"`
		Seeds  map[string]seedOut `json:"seeds"`
	}
	seedOut struct {
		End    float64 `json:"end"`
		Values changes `json:"values"`
	}
)

// changes are values in whole units, each as its difference from the one before: a page
// is long enough. A value that was not measured is null.
type changes []float64

// MarshalJSON writes the differences.
func (c changes) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	before := 0.0
	for i, v := range c {
		if i > 0 {
			out = append(out, ',')
		}
		if !isNumber(v) {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendFloat(out, v-before, 'f', 0, 64)
		before = v
	}
	return append(out, ']'), nil
}

// data is the chart for the script.
func (l lines) data() dataChart {
	out := dataChart{
		Axis: l.Axis, Count: l.Count, Digits: l.Digits, Step: l.Tick * float64(l.Group), Unit: l.unit(),
		End: l.Tick * float64(l.ticks()-1), Lines: []dataLine{},
	}
	for _, line := range l.Lines {
		one := dataLine{Policy: line.Policy, Mean: whole(line.Mean, out.Unit), Seeds: map[string]seedOut{}}
		if len(line.Seeds) > 1 {
			one.Low, one.High = whole(line.Low, out.Unit), whole(line.High, out.Unit)
			for _, seed := range line.Seeds[:min(seedsDrawn, len(line.Seeds))] {
				one.Seeds[strconv.FormatUint(seed.Seed, 10)] = seedOut{l.Tick * float64(seed.Ticks-1), whole(seed.Points, out.Unit)}
			}
		}
		out.Lines = append(out.Lines, one)
	}
	return out
}

// unit is a power of ten, so that the greatest value has four digits, a count five.
func (l lines) unit() float64 {
	most := 0.0
	for _, line := range l.Lines {
		for _, seed := range line.Seeds {
			for _, v := range seed.Points {
				if isNumber(v) && math.Abs(v) < overflowing {
					most = max(most, math.Abs(v))
				}
			}
		}
	}
	if most < 1e-300 {
		return 1
	}
	digits := 4.0
	if l.Count {
		digits = 5
	}
	return math.Pow(10, math.Floor(math.Log10(most))+1-digits)
}

func whole(values []float64, unit float64) changes {
	out := make(changes, len(values))
	for i, v := range values {
		if out[i] = math.NaN(); isNumber(v) && math.Abs(v) < overflowing {
			out[i] = math.Round(v / unit)
		}
	}
	return out
}
