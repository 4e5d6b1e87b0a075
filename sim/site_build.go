package sim

import (
	"fmt"
	"math"
	"slices"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// build makes the hosts and guests, and plans the beginning.
func (s *site) build() error {
	for i, h := range s.o.Hosts {
		if err := s.addHost(i, h); err != nil {
			return err
		}
	}
	for i, g := range s.o.Guests {
		if err := s.addGuest(i, g); err != nil {
			return err
		}
	}
	for _, h := range s.hosts {
		if used := h.memory(); used > h.Capacity.MemoryBytes {
			return fmt.Errorf("sim: the guests that begin on host %s have %d bytes of memory, and it has %d", h.Name, used, h.Capacity.MemoryBytes)
		}
		if used := h.disk(); used > h.Capacity.DiskBytes {
			return fmt.Errorf("sim: the guests that begin on host %s have volumes of %d bytes, and it has %d for them", h.Name, used,
				h.Capacity.DiskBytes)
		}
	}
	s.hour.peers = len(s.hosts)
	if err := s.o.Groups.link(s.hosts, s.chance); err != nil {
		return err
	}
	var err error
	if s.followed.late, err = newLateness(s.o.Faults, s.byName); err != nil {
		return err
	}
	if err := s.o.Faults.drawClocks(s.hosts, s.chance); err != nil {
		return err
	}
	s.account.begin()
	s.planGuests()
	for _, h := range s.hosts {
		s.plan(time.Duration(s.chance.Int64N(int64(s.o.StartWithin))), func() error { return s.start(h) })
	}
	if err := s.planFaults(); err != nil {
		return err
	}
	err = firstError(s.planSchedule(), s.migrations.planBalancers(), s.chronicle.planExpectations())
	s.planTrouble()
	return err
}

func (s *site) addHost(i int, h SiteHost) error {
	switch c := h.Capacity; {
	case h.Name == "" || s.byName[lcc.PeerID(h.Name)] != nil:
		return fmt.Errorf("sim: host %q: each host has a name of its own", h.Name)
	case !(c.CPU > 0) || math.IsInf(c.CPU, 0) || c.MemoryBytes <= 0:
		return fmt.Errorf("sim: host %s: its capacity is %g cores and %d bytes: both are above 0", h.Name, c.CPU, c.MemoryBytes)
	case c.DiskBytes < 0 || slices.ContainsFunc(h.Takes.Kinds, func(k hostagent.Kind) bool { return !slices.Contains(hostagent.Kinds(), k) }):
		return fmt.Errorf("sim: host %s: its disk is %d bytes and its kinds are %v: give none or more, and vm, container or process", h.Name,
			c.DiskBytes, h.Takes.Kinds)
	case h.Link < 0 || math.IsNaN(h.Link):
		return fmt.Errorf("sim: host %s: its link is %g bytes per second: give a positive number", h.Name, h.Link)
	}
	if h.Link == 0 {
		h.Link = 1.25e9
	}
	config := s.o.Config
	config.Labels = append(slices.Clone(config.Labels), h.Labels...)
	config.Power = h.Curve
	config.Moves.Foreign = config.Moves.Foreign || h.Foreign
	if err := config.Validate(); err != nil {
		return fmt.Errorf("sim: host %s: %w", h.Name, err)
	}
	host := &siteHost{SiteHost: h, index: i, config: config, reach: reach{endpoints: h.endpoints()}}
	s.hosts = append(s.hosts, host)
	s.byName[lcc.PeerID(h.Name)] = host
	return nil
}

func (s *site) addGuest(i int, g SiteGuest) error {
	at, id := s.byName[lcc.PeerID(g.Host)], hostagent.GuestID(g.Name)
	switch {
	case g.Name == "" || s.named[id] != nil:
		return fmt.Errorf("sim: guest %q: each guest has a name of its own", g.Name)
	case at == nil:
		return fmt.Errorf("sim: guest %s is on host %q, which is not there", g.Name, g.Host)
	case !(g.Declared.CPU > 0) || g.Declared.MemoryBytes <= 0:
		return fmt.Errorf("sim: guest %s: it has %g processors and %d bytes of memory: both are above 0", g.Name, g.Declared.CPU,
			g.Declared.MemoryBytes)
	case !slices.Contains(hostagent.Kinds(), g.Kind.Known()) || g.Declared.DiskBytes < 0:
		return fmt.Errorf("sim: guest %s: its kind is %q and its volumes take %d bytes: give vm, container or process, and none or more",
			g.Name, g.Kind, g.Declared.DiskBytes)
	case at.Lacks(g) != "":
		return fmt.Errorf("sim: guest %s cannot be on its host: %s", g.Name, at.Lacks(g))
	case g.Load == nil && !(g.CPU >= 0):
		return fmt.Errorf("sim: guest %s: it wants %g cores: give 0 or more", g.Name, g.CPU)
	case !(g.MIPS >= 0) || math.IsInf(g.MIPS, 1):
		return fmt.Errorf("sim: guest %s: it executes %g million instructions per second of CPU time: give 0 or more", g.Name, g.MIPS)
	case !(g.Quota >= 0) || g.Starts < 0 || g.Ends < 0 || g.Ends > 0 && g.Ends <= g.Starts:
		return fmt.Errorf("sim: guest %s: its quota is not negative, and it ends after it starts", g.Name)
	}
	if g.Load == nil {
		g.Load = Constant(g.CPU)
	}
	if g.WorkingSet == 0 {
		g.WorkingSet = float64(g.Declared.MemoryBytes) / 10
	}
	g.Rules.Priority = g.Priority
	if err := g.Rules.Validate(); err != nil {
		return fmt.Errorf("sim: guest %s: %w", g.Name, err)
	}
	guest := &siteGuest{SiteGuest: g, index: i, id: id}
	s.guests = append(s.guests, guest)
	s.named[id] = guest
	if !g.absent() {
		guest.at = at
		at.here = append(at.here, guest)
	}
	return nil
}

// insert keeps a list of guests sorted by index: what a platform shows must not depend
// on the order in which guests arrived.
func insert(list []*siteGuest, g *siteGuest) []*siteGuest {
	at, _ := slices.BinarySearchFunc(list, g, func(a, b *siteGuest) int { return a.index - b.index })
	return slices.Insert(list, at, g)
}

func remove(list []*siteGuest, g *siteGuest) []*siteGuest {
	if at := slices.Index(list, g); at >= 0 {
		return slices.Delete(list, at, at+1)
	}
	return list
}

// memory is the declared memory of the guests here and of those moving here.
func (h *siteHost) memory() (bytes int64) {
	for _, g := range h.here {
		bytes += g.Declared.MemoryBytes
	}
	for _, g := range h.coming {
		bytes += g.Declared.MemoryBytes
	}
	return bytes
}
