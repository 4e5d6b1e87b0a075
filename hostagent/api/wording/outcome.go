package wording

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/hostagent/audit"
)

// Relief is what a move was expected to take off the load of its source, and what it was
// measured to take off it; "" as long as nothing is measured.
func Relief(s *audit.Sequel) string {
	last := s.Last()
	if last == nil || last.Source == nil {
		return ""
	}
	measured := points(last.Source.Relief)
	if s.Expected == nil || s.Expected.Source == nil {
		return measured + " %"
	}
	return fmt.Sprintf("%s of %s %%", measured, points(s.Expected.Source.Relief))
}

// Sequel says what a move from this host was expected to bring and what it brought; "" if
// nothing is known.
func Sequel(s *audit.Sequel, source string) string {
	text := ""
	if s == nil {
		return ""
	}
	if e := s.Expected; e != nil && e.Source != nil {
		text = fmt.Sprintf("it was expected to take %s %% off the load of %s", points(e.Source.Relief), source)
	}
	for i, m := range s.Measured {
		switch {
		case m.Source == nil:
		case text == "":
			text = fmt.Sprintf("%s later it took %s %% off the load of %s", period(m.After), points(m.Source.Relief), source)
		case i == 0:
			text += fmt.Sprintf("; %s later it took off %s %%", period(m.After), points(m.Source.Relief))
		default:
			text += fmt.Sprintf(", and %s later %s %%", period(m.After), points(m.Source.Relief))
		}
	}
	return text
}

// points is a share in percent.
func points(share float64) string { return fmt.Sprintf("%.0f", 100*share) }

// period is a time as it is said in a sentence.
func period(d time.Duration) string {
	if d == time.Hour {
		return "an hour"
	}
	return fmt.Sprintf("%.0f minutes", d.Minutes())
}

// sequel renders what a fact says of the outcome of a move from a host.
func sequel(values any, source string) string {
	var s audit.Sequel
	data, err := json.Marshal(values)
	if err != nil || json.Unmarshal(data, &s) != nil {
		return ""
	}
	return Sequel(&s, source)
}
