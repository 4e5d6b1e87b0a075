package service

import (
	"fmt"
	"log/slog"

	"parley/internal/label"
)

// faults describes, for people, which parts of the rosters in force this host ignores.
// A signed roster is applied as far as possible and never ends the agent.
func (d *directory) faults(configured []string) (faults []string) {
	m := d.members()
	if _, left := label.Fit(configured, m.own); len(left) > 0 {
		faults = append(faults, fmt.Sprintf("%d of the labels that the roster gives this host are ignored: %q (a host has at most %d, those "+
			"of its configuration first)", len(left), left, label.Most))
	}
	for _, one := range m.unnamed() {
		owner := "its owner"
		if one.publisher != "" {
			owner = one.publisher
		}
		faults = append(faults, fmt.Sprintf("the host %s is called %q, which could be taken for another host: only its id names it until %s "+
			"gives it another name", one.id, one.name, owner))
	}
	return faults
}

// logFaults logs the faults when members are put in force.
func (d *directory) logFaults(configured []string, log *slog.Logger) {
	for _, fault := range d.faults(configured) {
		log.Error("a part of the roster is ignored here", "event", "roster_fault", "why", fault)
	}
}
