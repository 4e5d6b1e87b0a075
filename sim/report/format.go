package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
)

// number formats a value with thousands separators and a dash for an unmeasured value.
func number(v float64, digits int) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	}
	if math.Abs(v) >= 1e15 {
		return strconv.FormatFloat(v, 'g', 4, 64) // too long to read as groups of digits
	}
	text := strconv.FormatFloat(v, 'f', max(digits, 0), 64)
	minus := ""
	if strings.HasPrefix(text, "-") {
		minus, text = "−", text[1:]
		if strings.Trim(text, "0.") == "" {
			minus = "" // a value that rounds to zero has no sign
		}
	}
	whole, rest, _ := strings.Cut(text, ".")
	if rest != "" {
		rest = "." + rest
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return minus + whole + rest
}

// percent formats a change: "+4 %", "−21 %", or "×12" if a percentage is unclear. Only
// what is gone is "−100 %": nearly all is "−99.8 %".
func percent(share float64) string {
	switch {
	case math.IsNaN(share):
		return ""
	case share >= 9:
		return "×" + number(share+1, 0)
	case math.Abs(share) < 0.0005:
		return "±0 %"
	}
	digits := 0
	if math.Abs(share) < 0.0995 {
		digits = 1
	}
	for rest := 1 + share; rest > 0 && rest < 0.5/math.Pow10(2+digits) && digits < 3; {
		digits++
	}
	text := number(100*share, digits) + " %"
	if share > 0 {
		return "+" + text
	}
	return text
}

// Span formats a duration for people: "1 d", "6 h", "1 h 30 min", "15 s".
func Span(d time.Duration) string { return span(d) }

// span formats a duration for people: "1 d", "6 h", "1 h 30 min", "15 s".
func span(d time.Duration) string {
	if d < 0 {
		return "−" + span(-d)
	}
	if d < time.Second && d > 0 {
		return d.String()
	}
	var parts []string
	for _, u := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / u.size; n > 0 && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
			d -= n * u.size
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return strings.Join(parts, " ")
}

// count formats "1 host" or "800 hosts"; 0 gives "".
func count(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return english.Plural(n, one, many)
}

// facts describe the scenario for the head of a report.
func (c Comparison) facts() []string {
	var facts []string
	for _, f := range []string{
		c.Scenario, count(c.Hosts, "host", "hosts"), count(c.Guests, "guest", "guests"),
		c.duration(), count(len(c.Policies), "policy", "policies"), c.seeds(), c.Part,
	} {
		if f != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func (c Comparison) duration() string {
	least, most := c.spans()
	switch {
	case most <= 0:
		return ""
	case span(least) != span(most):
		return span(least) + " to " + span(most) + " of virtual time, the same for all policies of a seed"
	}
	return span(most) + " of virtual time"
}

// spans are the shortest and the longest time that a run covers; 0: unknown.
func (c Comparison) spans() (least, most time.Duration) {
	for _, p := range c.Policies {
		for _, r := range p.Runs {
			if least == 0 || r.Ran < least {
				least = r.Ran
			}
			most = max(most, r.Ran)
		}
	}
	return least, most
}

// seeds describes how many seeds a policy ran.
func (c Comparison) seeds() string {
	least, most := -1, 0
	for _, p := range c.Policies {
		most = max(most, len(p.Runs))
		if least < 0 || len(p.Runs) < least {
			least = len(p.Runs)
		}
	}
	switch {
	case most == 0:
		return ""
	case least < most:
		return fmt.Sprintf("%d to %d seeds each", least, most)
	}
	return count(most, "seed", "seeds") + " each"
}
