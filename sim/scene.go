package sim

import (
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// scene is what the parts of a run share: time, hosts and guests, what is asked for and
// what came of it.
type scene struct {
	*world
	o      Site
	hosts  []*siteHost
	byName map[lcc.PeerID]*siteHost
	guests []*siteGuest
	named  map[hostagent.GuestID]*siteGuest
	last   lcc.Instant // when something happened last
	open   int         // planned happenings that have not come: the run is not over before
	result SiteResult
}

// since is the virtual time since the beginning.
func (s *scene) since() time.Duration { return time.Duration(s.now - 1) }

// clockNow is what the clock of a host shows now.
func (s *scene) clockNow(h *siteHost) lcc.Instant { return h.clock.shows(s.now) }

// on is a host by its name: Happening.fits has seen that it is there.
func (s *scene) on(name string) *siteHost { return s.byName[lcc.PeerID(name)] }

// about is the guest that something is about.
func (s *scene) about(p Happening) *siteGuest { return s.named[hostagent.GuestID(p.Guest)] }

// loads are the loads of all hosts: the fuller of CPU and memory, as demanded.
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
