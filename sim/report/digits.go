package report

import (
	"math"
	"strconv"
	"strings"
)

const (
	meanDigits = 2    // significant digits that a value has at least
	halfDigits = 1    // of half an interval
	mostDigits = 6    // significant digits that decimals add to a value at most
	tooSmall   = 1e-4 // below this a value is written with a power of ten
	noise      = 1e-9 // relative to the mean: what the order of a sum explains
)

// format formats a value of a measure for people: with the measure's decimals, or as many
// more as it takes to see a small value. Zero is "0": it is exact.
func (m Measure) format(v float64) string {
	if small(v) {
		return scientific(v)
	}
	return number(v, m.decimals(v, meanDigits))
}

// interval formats a mean with the half width of its interval, if it has one.
func (m Measure) interval(in Interval) string {
	mean, half := m.parts(in)
	if half == "" {
		return mean
	}
	return mean + " ±" + half
}

// parts formats a mean and the half width of its interval, with the decimals that the
// smaller of them takes; half is "" without an interval.
func (m Measure) parts(in Interval) (mean, half string) {
	if math.IsNaN(in.Half) {
		return m.format(in.Mean), ""
	}
	width := in.Half
	if width <= noise*math.Abs(in.Mean) {
		width = 0
	}
	if small(in.Mean) || small(width) && width < math.Abs(in.Mean)/100 || width == 0 {
		return m.format(in.Mean), m.format(width)
	}
	digits, more := m.decimals(in.Mean, meanDigits), m.decimals(width, halfDigits)
	if in.Mean != 0 {
		more = min(more, max(0, decimalsFor(in.Mean, mostDigits)))
	}
	digits = max(digits, more)
	return number(in.Mean, digits), number(width, max(digits, decimalsFor(width, halfDigits)))
}

// decimals is how many decimals a value takes: those of the measure, and more if it would
// have fewer significant digits. A count that is whole has none.
func (m Measure) decimals(v float64, significant int) int {
	digits := max(m.Digits, 0)
	switch {
	case v == 0:
		return 0
	case !isNumber(v) || digits == 0 && v == math.Trunc(v):
		return digits
	}
	digits = min(digits, max(0, decimalsFor(v, mostDigits)))
	return max(digits, decimalsFor(v, significant))
}

// decimalsFor is how many decimals show so many significant digits; less than 0: the
// digits end before the point.
func decimalsFor(v float64, significant int) int {
	return significant - 1 - int(math.Floor(math.Log10(math.Abs(v))))
}

func small(v float64) bool { return v != 0 && math.Abs(v) < tooSmall }

// scientific formats a value with two significant digits and a power of ten.
func scientific(v float64) string {
	digits, power, _ := strings.Cut(strconv.FormatFloat(v, 'e', meanDigits-1, 64), "e")
	n, _ := strconv.Atoi(power) // FormatFloat writes a number
	return strings.ReplaceAll(digits, "-", "−") + "×10" + raised.Replace(strconv.Itoa(n))
}

var raised = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
