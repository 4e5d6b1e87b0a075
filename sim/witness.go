package sim

import (
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// Witness is told what happens at the agents of a run, as a daemon's records are: at is the
// virtual time since the beginning, whatever the clock of the host shows.
type Witness interface {
	Began(host *SiteHost, at time.Duration) // its agent
	Ended(host *SiteHost, at time.Duration) // its agent
	Looked(host *SiteHost, at time.Duration, status hostagent.Status)
	Dealt(host *SiteHost, at time.Duration, change hostagent.DealChanged)
	Measured(host *SiteHost, at time.Duration, deal hostagent.DealMeasured)
	Said(host *SiteHost, at time.Duration, record lcc.Record)
}

// Tell makes a run that has not begun tell a witness.
func (r *Running) Tell(w Witness) { r.site.chronicle.witness = w }
