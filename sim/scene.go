package sim

import (
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// scene is what the parts of a run share: time, hosts and guests, options and results.
type scene struct {
	*world
	o      Site
	hosts  []*siteHost
	byName map[lcc.PeerID]*siteHost
	guests []*siteGuest
	named  map[hostagent.GuestID]*siteGuest
	last   lcc.Instant // time of the last event
	open   int         // planned happenings still to come: the run does not end before
	result SiteResult
}

// since is the virtual time since the beginning.
func (s *scene) since() time.Duration { return time.Duration(s.now - 1) }

// clockNow is what the clock of a host shows now.
func (s *scene) clockNow(h *siteHost) lcc.Instant { return h.clock.shows(s.now) }

// on returns a host by its name; Happening.fits has checked that it exists.
func (s *scene) on(name string) *siteHost { return s.byName[lcc.PeerID(name)] }

// about returns the guest of a happening.
func (s *scene) about(p Happening) *siteGuest { return s.named[hostagent.GuestID(p.Guest)] }

// loads are the loads of all hosts: the higher of CPU and memory, as demanded.
func (s *scene) loads() []float64 {
	var loads []float64
	for _, h := range s.hosts {
		demand, memory := 0.0, int64(0)
		for _, g := range h.here {
			wants, _ := g.wants(s.since())
			demand += wants
			memory += g.Declared.MemoryBytes
		}
		loads = append(loads, max(demand/h.Capacity.CPU, float64(memory)/float64(h.Capacity.MemoryBytes)))
	}
	return loads
}
