package sim

import (
	"time"

	"parley/lcc"
)

// This file has the acts of the guests' owners: they start, end and resize guests
// without asking an agent.

// strange is the part of a guest's memory that its host's agent was not asked about,
// and since when: a guest that was started there, one that arrived on a host without a
// hook, or growth.
type strange struct {
	bytes int64
	since lcc.Instant
}

// changed plans a look of a host's agent: its platform has noticed a change.
func (s *site) changed(h *siteHost) {
	incarnation := h.agent.incarnation
	s.plan(lookLag, func() error {
		if h.agent.incarnation != incarnation {
			return nil
		}
		return s.look(h)
	})
}

// begins starts a guest that runs nowhere.
func (s *site) begins(g *siteGuest, h *siteHost) error {
	if g.at != nil || h.down {
		s.chronicle.record(h, "guest", g.Name, "it cannot be started: it runs already, or the host is down")
		return nil
	}
	if why := h.Lacks(g.SiteGuest); why != "" {
		s.chronicle.record(h, "guest", g.Name, "it cannot be started: "+why)
		return nil
	}
	s.account.count(h)
	g.at, g.cpu.time, g.cpu.waited, g.trail.movedAt = h, 0, 0, time.Time{}
	g.strange = strange{g.Declared.MemoryBytes, s.now}
	h.here = insert(h.here, g)
	s.account.recount(h)
	s.last = s.now
	s.chronicle.record(h, "guest", g.Name, "its owner starts it")
	s.changed(h)
	return nil
}

// ends ends a guest, even during a migration.
func (s *site) ends(g *siteGuest) error {
	h := g.at
	if h == nil || h.down {
		return nil
	}
	if m := g.move; m != nil {
		s.migrations.cancel(m, "the guest was shut down")
		s.changed(m.to)
	}
	s.account.count(h)
	h.here = remove(h.here, g)
	g.at, g.deal, g.strange = nil, "", strange{}
	s.account.recount(h)
	s.last = s.now
	s.chronicle.record(h, "guest", g.Name, "its owner ends it")
	s.changed(h)
	return nil
}

// grow changes what a guest declares and wants.
func (s *site) grow(g *siteGuest, p Happening) error {
	if g.at != nil {
		s.account.count(g.at)
	}
	if p.Memory > 0 {
		if more := p.Memory - g.Declared.MemoryBytes; more > 0 {
			g.strange = strange{g.strange.bytes + more, s.now}
		}
		g.Declared.MemoryBytes = p.Memory
	}
	if p.Cores > 0 {
		g.Declared.CPU = p.Cores
	}
	if p.Share != nil {
		g.Load = Constant(*p.Share * g.Declared.CPU)
	}
	if g.at == nil {
		return nil
	}
	s.account.recount(g.at)
	s.last = s.now
	s.chronicle.record(g.at, "guest", g.Name, "its owner changes its size or load")
	s.changed(g.at)
	return nil
}

// planGuests plans the starts and ends of guests.
func (s *site) planGuests() {
	for _, g := range s.guests {
		if g.Starts > 0 {
			home := s.byName[lcc.PeerID(g.Host)]
			s.open++
			s.plan(g.Starts, func() error {
				s.open--
				return s.begins(g, home)
			})
		}
		if g.Ends > 0 {
			s.open++
			s.plan(g.Ends, func() error {
				s.open--
				return s.ends(g)
			})
		}
	}
}

// absent says whether a guest is not there at the beginning.
func (g *SiteGuest) absent() bool { return g.Absent || g.Starts > 0 }
