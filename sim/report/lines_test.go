package report

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// Lines begin with the first tick and end with the last, however many ticks a point has.
func TestLinesEndWithTheData(t *testing.T) {
	for _, ticks := range []int{1, 2, 3, 200, 201, 202, 289, 1441} {
		course := &Course{Step: 5 * time.Minute}
		for i := range ticks {
			course.Watts = append(course.Watts, float64(i))
		}
		c := Comparison{Policies: []Policy{{Name: "a", Runs: []Run{{Course: course}}}}}
		l := c.chart(0, course.series()[0])
		points := len(l.Lines[0].Mean)
		if points > linesPoints+1 {
			t.Errorf("%d ticks: got %d points", ticks, points)
		}
		if first, last := l.at(0, ticks), l.at(points-1, ticks); first != 0 || last != float64(ticks-1)*300 {
			t.Errorf("%d ticks: the line goes from %v to %v s, want from 0 to %d", ticks, first, last, (ticks-1)*300)
		}
		if end := l.data().End; end != float64(ticks-1)*300 {
			t.Errorf("%d ticks: the axis ends at %v s", ticks, end)
		}
	}
}

// The band is over all runs, until the shortest has ended; each run has its own line.
func TestBands(t *testing.T) {
	nan := math.NaN()
	var p Policy
	for seed, watts := range [][]float64{{1, 2, 9, 9}, {3, 4, nan}} {
		p.Runs = append(p.Runs, Run{Seed: uint64(seed), Course: &Course{Step: time.Minute, Watts: watts}})
	}
	l := Comparison{Policies: []Policy{p}}.chart(0, (&Course{}).series()[0])
	one := l.Lines[0]
	if got, want := fmt.Sprint(one.Mean, one.Low, one.High), "[2 3 NaN] [1 2 NaN] [3 4 NaN]"; got != want {
		t.Errorf("got mean, least and greatest %s, want %s", got, want)
	}
	text, err := json.Marshal(l.data())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"unit":0.001`, `"end":120`,
		`"mean":[2000,1000,null]`, `"0":{"end":180,"values":[1000,1000,7000,0]}`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got %s, want %s in it", text, want)
		}
	}
}

// A chart in which nothing ever differs is told in a line.
func TestChartsTold(t *testing.T) {
	c := sampleCourses(5, 20, 2)
	for _, p := range c.Policies {
		for _, run := range p.Runs {
			clear(run.Course.Overloaded)
		}
	}
	drawn, told := c.charts()
	if got, want := strings.Join(told, " "), "Overloaded hosts: 0 all the time, in all runs."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, l := range drawn {
		if l.Key == "overloaded" {
			t.Error("hosts that are never overloaded are drawn")
		}
	}
}
