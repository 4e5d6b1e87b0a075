package tune

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Span is the range of a parameter that is searched.
type Span struct {
	Name     string
	From, To float64
	Whole    bool // only whole numbers
}

// ParseSpan reads "gap=0.05:0.5". Two whole numbers make a span of whole numbers.
func ParseSpan(text string) (s Span, err error) {
	name, rest, ok := strings.Cut(text, "=")
	from, to, both := strings.Cut(rest, ":")
	s.Name = strings.TrimSpace(name)
	if !ok || !both || s.Name == "" {
		return s, fmt.Errorf("%q is no range: write NAME=FROM:TO, such as gap=0.05:0.5", text)
	}
	for _, end := range []struct {
		text string
		to   *float64
	}{{from, &s.From}, {to, &s.To}} {
		if *end.to, err = strconv.ParseFloat(strings.TrimSpace(end.text), 64); err != nil || math.IsInf(*end.to, 0) || math.IsNaN(*end.to) {
			return s, fmt.Errorf("%q: %q is no number: write NAME=FROM:TO, such as gap=0.05:0.5", text, end.text)
		}
	}
	if s.From >= s.To {
		return s, fmt.Errorf("%q: the range ends where it begins, or before: write the smaller number first", text)
	}
	s.Whole = !strings.ContainsAny(rest, ".eE")
	return s, nil
}

func (s Span) String() string { return s.Name + "=" + s.text(s.From) + ":" + s.text(s.To) }

// widely is how many times less and more than its value a parameter is searched without a
// range of its own.
const widely = 4

// Around is the span of a parameter without a range of its own; none if its value is not
// above zero. A share stays one.
func Around(name string, value float64, whole bool) (s Span, ok bool) {
	s = Span{Name: name, From: value / widely, To: value * widely, Whole: whole}
	if !whole && value <= 1 {
		s.To = min(s.To, 1)
	}
	if whole {
		s.From = max(1, math.Round(s.From))
	}
	return s, value > 0 && s.From < s.To
}

// at is the value at a share of the span, from 0 to 1: even in its logarithm where the span
// is above zero, for a parameter twice as large is as different as one half as large.
func (s Span) at(share float64) float64 {
	v := s.From + share*(s.To-s.From)
	if s.From > 0 {
		v = s.From * math.Pow(s.To/s.From, share)
	}
	return min(s.To, max(s.From, v))
}

// digits are the significant digits of a value that is tried: more would not be different.
const digits = 3

// text writes a value as a text of LCC has it: a number with a point stays one.
func (s Span) text(v float64) string {
	if s.Whole {
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil {
		panic(err) // it was just written
	}
	text := strconv.FormatFloat(rounded, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
