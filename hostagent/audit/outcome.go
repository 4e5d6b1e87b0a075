package audit

import "time"

// Sequel is what a move was expected to do to its hosts and its guest, and what it did.
type Sequel struct {
	Expected *Outcome  `json:"expected,omitempty"` // absent: it is not known
	Measured []Outcome `json:"measured,omitempty"` // five minutes and an hour after the move, as far as it was measured
}

// Prospect is what was expected of a move, and what came of it.
type Prospect struct {
	// Expected cost of the migration; 0 if unknown.
	ExpectedTotal    time.Duration `json:"expected_total_ns,omitempty"`
	ExpectedDowntime time.Duration `json:"expected_downtime_ns,omitempty"`
	Sequel           *Sequel       `json:"outcome,omitempty"`
}

// Outcome is what a move does, as it is expected or as it is measured.
type Outcome struct {
	After    time.Duration `json:"after_ns,omitempty"`    // the time since the move; absent: it is expected
	CPU      float64       `json:"cpu_cores"`             // what the guest wants
	Source   *OutcomeEnd   `json:"source,omitempty"`      // absent: the load there is not known
	Target   *OutcomeEnd   `json:"target,omitempty"`      // absent: the load there is not known
	Total    time.Duration `json:"total_ns,omitempty"`    // of the migration
	Downtime time.Duration `json:"downtime_ns,omitempty"` // of the guest, at the switch
	// Worth is what the move relieves both hosts by, in cores.
	Worth float64 `json:"worth_cores,omitempty"`
}

// OutcomeEnd is what a move does to the CPU load of one of its hosts, as shares.
type OutcomeEnd struct {
	Load float64 `json:"load"` // expected: before the move; measured: the mean since the move
	// Relief is what the guest's leaving takes off the load; negative at the target.
	Relief float64 `json:"relief"`
}

// Last is the latest measurement; nil: there is none.
func (s *Sequel) Last() *Outcome {
	if s == nil || len(s.Measured) == 0 {
		return nil
	}
	return &s.Measured[len(s.Measured)-1]
}
