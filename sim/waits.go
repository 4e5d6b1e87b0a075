package sim

import (
	"time"

	"parley/hostagent"
)

// This file models what tasks and guests wait for. A guest's processors wait for demand
// that is not served: because the host has less than all guests want, or because of the
// guest's quota. Linux counts both as CPU delay and as CPU pressure of the machine, so
// a quota raises the pressure even of a host with free capacity.

// wants is a guest's demand on its host, and the demand above its quota.
func (g *siteGuest) wants(at time.Duration) (cores, kept float64) {
	cores = g.Load.At(at)
	if g.Quota > 0 && cores > g.Quota {
		return g.Quota, cores - g.Quota
	}
	return cores, 0
}

// pressure is the pressure that a host's machine shows.
func (h *siteHost) pressure(waits bool) hostagent.Pressure {
	if !waits {
		return hostagent.Pressure{}
	}
	p := hostagent.Pressure{Known: true}
	if h.used.taken > h.Capacity.CPU {
		p.CPU = 1 // at all times some task waits
		return p
	}
	none := 1.0 // share of the time in which no guest is throttled by its quota
	for _, g := range h.here {
		if g.cpu.throttled > 0 {
			none *= g.cpu.demand / (g.cpu.demand + g.cpu.throttled)
		}
	}
	p.CPU = 1 - none
	return p
}
