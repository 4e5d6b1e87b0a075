package report

// series is one line over time.
type series struct {
	key, name, unit string
	doc             string
	digits          int
	merge           func([]float64) float64 // of the ticks merged into a point
	values          []float64
}

// series returns the lines of a course, in the order of the page. Counts are
// cumulative: a monotonic line is easy to compare, single ticks are not.
func (c *Course) series() []series {
	return []series{
		{"watts", "Power", "W", "What all hosts draw together.", 0, mean, c.Watts},
		{"overloaded", "Overloaded hosts", "", "Hosts whose guests ask for more than there is.", 0, maximum, c.Overloaded},
		{"deviation", "Deviation of load", "", "Standard deviation of load over the hosts that are on; 0 is perfectly even.", 3, mean,
			c.Deviation},
		{"migrations", "Migrations so far", "", "Migrations begun since the start.", 0, last, cumulated(c.Migrations)},
		{"messages", "Messages so far", "", "Messages sent since the start.", 0, last, cumulated(c.Messages)},
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

// thinned merges neighbours until at most limit values are left, and returns the number
// of ticks of each.
func thinned(values []float64, limit int, merge func([]float64) float64) ([]float64, int) {
	group := (len(values) + limit - 1) / limit
	if group <= 1 {
		return values, 1
	}
	var out []float64
	for i := 0; i < len(values); i += group {
		out = append(out, merge(values[i:min(i+group, len(values))]))
	}
	return out, group
}
