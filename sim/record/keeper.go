package record

import (
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/past"
	"parley/hostagent/past/glance"
	"parley/sim"
)

// Keeper keeps the past of simulated hosts as their agents would: its Look is
// for sim.Running.OnLook.
type Keeper struct {
	step  time.Duration
	hosts []*Host
	of    map[string]*kept
}

// kept is what the agent of one host keeps.
type kept struct {
	gatherer past.Gatherer
	host     *Host
}

// NewKeeper keeps means of this long.
func NewKeeper(step time.Duration) *Keeper { return &Keeper{step: step, of: map[string]*kept{}} }

// Look takes a look at a host.
func (k *Keeper) Look(h *sim.SiteHost, wall time.Time, s hostagent.Status) {
	one := k.of[h.Name]
	if one == nil {
		one = &kept{gatherer: past.Gatherer{Step: k.step, Crowding: hostagent.Crowding}, host: &Host{Name: h.Name, ID: h.Name, Kept: true}}
		k.of[h.Name] = one
		k.hosts = append(k.hosts, one.host)
	}
	host, guests, ok := glance.Of(s, h.Name, h.Curve)
	if !ok {
		return
	}
	if b, ok := one.gatherer.Look(wall, host, guests); ok {
		one.host.Blocks = append(one.host.Blocks, b)
	}
}

// Site returns what was kept, as if all hosts had answered.
func (k *Keeper) Site() Site {
	s := Site{End: time.Unix(1<<40, 0)}
	for _, h := range k.hosts {
		one := *h
		if b, ok := k.of[h.Name].gatherer.Sofar(); ok {
			one.Blocks = append(slices.Clone(h.Blocks), b)
		}
		s.Hosts = append(s.Hosts, one)
	}
	return s
}
