package recall

import (
	"parley/hostagent"
	"parley/hostagent/audit"
)

// Sequel is what is known of the outcome of a deal; nil for nothing.
func Sequel(story hostagent.DealChanged) *audit.Sequel {
	if story.Expected == nil {
		return nil
	}
	expected := outcomeOf(*story.Expected)
	s := audit.Sequel{Expected: &expected}
	for _, m := range story.Measured {
		s.Measured = append(s.Measured, outcomeOf(m))
	}
	return &s
}

func outcomeOf(o hostagent.Outcome) audit.Outcome {
	end := func(e hostagent.OutcomeEnd) *audit.OutcomeEnd {
		if !e.Known {
			return nil
		}
		return &audit.OutcomeEnd{Load: e.Load, Relief: e.Relief}
	}
	return audit.Outcome{
		After: o.After, CPU: o.CPU, Source: end(o.Source), Target: end(o.Target), Total: o.Total, Downtime: o.Downtime, Worth: o.Worth,
	}
}
