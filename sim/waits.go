package sim

import (
	"time"

	"parley/hostagent"
)

// This file is what tasks and guests wait for. A guest's processors wait for what the
// guest wants and does not get: because its host has less than all want together, or
// because the guest has a quota of its own. Linux counts both as delay of the
// processors and as pressure of the machine, so the second raises the pressure of a host
// that has much to give.

// wants is what a guest asks of its host, and what its quota keeps it from asking.
func (g *siteGuest) wants(at time.Duration) (cores, kept float64) {
	cores = g.Load.At(at)
	if g.Quota > 0 && cores > g.Quota {
		return g.Quota, cores - g.Quota
	}
	return cores, 0
}

// pressure is what the machine of a host shows.
func (h *siteHost) pressure(waits bool) hostagent.Pressure {
	if !waits {
		return hostagent.Pressure{}
	}
	p := hostagent.Pressure{Known: true}
	if h.used.taken > h.Capacity.CPU {
		p.CPU = 1 // somebody waits all the time
		return p
	}
	none := 1.0 // the share of the time in which no guest stands still for its quota
	for _, g := range h.here {
		if g.cpu.throttled > 0 {
			none *= g.cpu.demand / (g.cpu.demand + g.cpu.throttled)
		}
	}
	p.CPU = 1 - none
	return p
}
