// Package glance says what of a host's status is kept as its past. The daemon and the
// simulator keep the same.
package glance

import (
	"parley/hostagent"
	"parley/hostagent/past"
)

// Of returns a host and its guests as a look shows them; ok is false where the host's state
// is not known.
func Of(s hostagent.Status, name string, power []float64) (host past.Host, guests []past.Seen, ok bool) {
	if !s.Known {
		return host, nil, false
	}
	host = past.Host{
		Name: name, Cores: s.Capacity.CPU, Memory: s.Capacity.MemoryBytes, Disk: s.Capacity.DiskBytes, Offers: s.Offers, Labels: s.Labels,
		Power: power,
	}
	for _, kind := range hostagent.Kinds() {
		if _, can := s.Endpoints[kind]; can {
			host.Kinds = append(host.Kinds, string(kind))
		}
	}
	for _, g := range s.Guests {
		if g.State == hostagent.Running && g.Declared.CPU > 0 && g.Declared.MemoryBytes > 0 {
			guests = append(guests, guest(g))
		}
	}
	return host, guests, true
}

func guest(g hostagent.GuestStatus) past.Seen {
	r := g.Rules
	return past.Seen{CPUTime: g.CPUTime, Waited: g.Delay, Used: g.MemoryBytes, Guest: past.Guest{
		ID: string(g.ID), Name: g.Name, Kind: string(g.Kind.Known()), Cores: g.Declared.CPU, Memory: g.Declared.MemoryBytes,
		Disk: g.Declared.DiskBytes, DirtyRate: g.DirtyRate, Needs: g.Needs, Priority: r.Priority,
		// A guest that the platform cannot move is pinned in a simulation.
		Pinned: r.Pinned || g.Ineligible != "", Ignored: r.Ignored, Labels: r.Labels, Requires: r.Requires, Near: r.Near, Apart: r.Apart,
		Avoids: r.Avoids, AtMost: r.AtMost,
	}}
}
