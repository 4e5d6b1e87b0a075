package report

import "math"

// series is one line over time.
type series struct {
	key, name, unit string
	axis            string // the title of its axis
	doc             string
	digits          int
	count           bool                    // of hosts or events: it changes in steps
	merge           func([]float64) float64 // of the ticks merged into a point
	values          []float64
}

// series returns the lines of a course, in the order of the page. Counts are
// cumulative: a monotonic line is easy to compare, single ticks are not.
func (c *Course) series() []series {
	return []series{
		{"watts", "Power", "W", "power, W", "What all hosts draw together.", 0, false, mean, c.Watts},
		{"overloaded", "Overloaded hosts", "", "hosts", "Hosts whose guests ask for more than there is.", 0, true, maximum, c.Overloaded},
		{"deviation", "Deviation of load", "", "standard deviation", "Standard deviation of load over the hosts that are on; 0 is " +
			"perfectly even.", 3, false, mean, c.Deviation},
		{"hosts_on", "Hosts that are on", "", "hosts", "Hosts that are neither off nor down.", 0, true, last, c.On},
		{"migrations", "Migrations so far", "", "migrations", "Migrations begun since the start.", 0, true, last, cumulated(c.Migrations)},
		{"messages", "Messages so far", "", "messages", "Messages sent since the start.", 0, false, last, cumulated(c.Messages)},
	}
}

func cumulated(counts []float64) []float64 {
	var total float64
	sums := make([]float64, len(counts))
	for i, n := range counts {
		if isNumber(n) {
			total += n
		}
		sums[i] = total
	}
	return sums
}

// thinned merges neighbours into points of so many ticks: the first point is the first
// tick, each other one has the ticks since the point before it.
func thinned(values []float64, group int, merge func([]float64) float64) []float64 {
	if group <= 1 || len(values) == 0 {
		return values
	}
	out := []float64{values[0]}
	for i := 1; i < len(values); i += group {
		out = append(out, merge(values[i:min(i+group, len(values))]))
	}
	return out
}

// groupOf is how many ticks a point stands for, so that there are at most limit points
// after the first.
func groupOf(ticks, limit int) int { return max(1, (ticks-1+limit-1)/limit) }

// over is the mean of several lines at each point, with the least and the greatest. A
// point that one of them has not measured has none.
func over(lines [][]float64) (middle, low, high []float64) {
	for k := range lines[0] {
		sum, least, most := 0.0, math.Inf(1), math.Inf(-1)
		for _, line := range lines {
			sum, least, most = sum+line[k], min(least, line[k]), max(most, line[k])
		}
		middle, low, high = append(middle, sum/float64(len(lines))), append(low, least), append(high, most)
	}
	return middle, low, high
}
