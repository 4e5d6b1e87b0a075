package baseline

import (
	"slices"
	"time"

	"parley/sim/power"
)

// run is the simulation of a day.
type run struct {
	stock      bool
	neverOff   bool
	overloaded overloadTest // nil: no guest is ever migrated
	hosts      []*host
	guests     []*guest
	deleted    int
	meter      *power.Meter
	// counted meters what CloudSim counts as a violation, whereas meter counts demand
	// above capacity.
	counted *power.Meter
}

// day runs all ticks, and ends with the migrations of the last one.
func (r *run) day() {
	if r.neverOff {
		r.lookHosts(0)
	}
	for now := FirstTick; now <= LastTick; now += Period {
		r.look(now)
		for _, g := range r.guests {
			g.remember()
		}
		if r.overloaded != nil {
			r.migrate(now, r.plan())
		}
	}
}

// look reads the loads at a time; a stock run then deletes guests without load.
func (r *run) look(now time.Duration) {
	for _, g := range r.guests {
		g.look(now)
	}
	r.lookHosts(now)
	if !r.stock {
		return
	}
	for _, g := range r.guests {
		if g.home != nil && !g.migrating && g.demand == 0 {
			g.home.remove(g)
			g.home = nil
			r.deleted++
		}
	}
}

func (r *run) lookHosts(now time.Duration) {
	for _, h := range r.hosts {
		r.lookHost(h, now)
	}
}

// lookHost divides a host's CPU again and updates the meters.
func (r *run) lookHost(h *host, now time.Duration) {
	h.share()
	var demand, resident, served float64
	h.used = 0
	for _, p := range h.places {
		if p.incoming {
			demand += float64(p.demand * targetShare)
			h.used += p.allocated
			continue
		}
		r.meter.Guest(p.index, now, p.demand, p.allocated, p.migrating)
		used := p.allocated
		if p.migrating {
			used /= sourceShare
		}
		demand += p.demand
		resident += p.demand
		served += used
		h.used += used
	}
	load := h.usage()
	if r.neverOff {
		load = 1
	}
	r.meter.Host(h.index, now, load, demand > h.Capacity())
	if r.stock {
		r.counted.Host(h.index, now, load, h.used < h.demand)
	} else {
		r.counted.Host(h.index, now, load, served < resident)
	}
}

// migrate begins the moves and completes them, which is always before the next tick.
func (r *run) migrate(now time.Duration, moves []move) {
	var ends []time.Duration
	for _, m := range moves {
		r.meter.Migration()
		m.migrating = true
		m.to.add(m.guest, true)
		r.lookHost(m.to, now)
		r.lookHost(m.home, now)
		if end := now + m.MigrationTime(); !slices.Contains(ends, end) {
			ends = append(ends, end)
		}
	}
	slices.Sort(ends)
	for _, end := range ends {
		r.look(end)
		for _, m := range moves {
			if now+m.MigrationTime() == end {
				m.arrive()
			}
		}
		r.look(end)
	}
}

// arrive completes a migration.
func (m move) arrive() {
	m.home.remove(m.guest)
	m.to.remove(m.guest)
	m.to.add(m.guest, false)
	m.home = m.to
	m.migrating = false
}
