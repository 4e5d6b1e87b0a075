package sim

import (
	"fmt"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// hold is a reservation of a host's ledger.
type hold struct {
	guest hostagent.GuestID
	bytes int64
	disk  int64
}

// checks verifies the invariants, which hold for all models and hosts.
type checks struct{ *scene }

// story records what a ledger says of a deal, and checks the invariants of deals: a
// guest is in one deal that its host has committed to, no other host commits to one
// about it, and the guests that run, arrive and have reservations fit into a host's
// memory. A deal whose guest has arrived no longer binds it, although its source may
// learn that late.
func (s *site) story(h *siteHost, e hostagent.DealChanged) error {
	s.last = s.now
	s.chronicle.record(h, "deal", e.Name, dealText(e))
	if w := s.chronicle.witness; w != nil {
		w.Dealt(&h.SiteHost, s.since(), e)
	}
	if e.Side == hostagent.TargetSide {
		s.followed.watch.refused(s.since(), e)
		return s.targetStory(h, e)
	}
	g := s.named[e.Guest]
	switch e.State {
	case hostagent.Intended, hostagent.Moving, hostagent.Checking:
		switch {
		case g == nil:
			return nil
		case g.at != h && g.move != nil && !g.move.hand && e.State == hostagent.Intended:
			return fmt.Errorf("sim: invariant: %s commits to deal %s about %s, which is on its way from %s, at %v", h.Name, e.Deal, g.Name,
				g.at.Name, s.since())
		case g.at != h:
			return nil
		}
		if g.deal != "" && g.deal != e.Deal {
			return fmt.Errorf("sim: invariant: %s is in the deals %s and %s at %v", g.Name, g.deal, e.Deal, s.since())
		}
		g.deal = e.Deal
	case hostagent.Done, hostagent.Aborted, hostagent.Stuck, hostagent.Refused, hostagent.Expired, hostagent.Withdrawn:
		if g != nil && g.deal == e.Deal {
			g.deal = ""
		}
		s.account.countDeal(e.State)
	}
	return nil
}

func (s *account) countDeal(state hostagent.DealState) {
	switch state {
	case hostagent.Done:
		s.deals.done++
	case hostagent.Refused:
		s.deals.refused++
	case hostagent.Aborted, hostagent.Stuck:
		s.deals.failed++
		s.result.Failed++
	}
}

func (s *site) targetStory(h *siteHost, e hostagent.DealChanged) error {
	switch e.State {
	case hostagent.Offered, hostagent.Armed, hostagent.Checking:
		if h.agent.held == nil {
			h.agent.held = map[hostagent.DealID]hold{}
		}
		h.agent.held[e.Deal] = hold{e.Guest, e.Need.MemoryBytes, e.Need.DiskBytes}
		if e.State == hostagent.Offered {
			return s.checks.checkPromised(h)
		}
		return s.checks.checkRoom(h)
	case hostagent.Refused:
		s.account.deals.refused++
	}
	delete(h.agent.held, e.Deal)
	return nil
}

// noticeTime is the delay until an agent has seen a change of its platform.
const noticeTime = 100 * time.Millisecond

// checkRoom checks that a host's running and arriving guests and its reservations fit
// into its memory. It excuses memory that its agent was not asked about.
func (s *checks) checkRoom(h *siteHost) error { return s.checkMemory(h, h.strangers(s.now)) }

// checkPromised checks that a host reserves no room that it can see is taken.
func (s *checks) checkPromised(h *siteHost) error {
	return s.checkMemory(h, h.strangers(s.now)-h.strangers(s.now-lcc.Instant(noticeTime)))
}

// checkAdmitted checks that a host admits no guest when it can see that there is no
// memory for it, whatever it has reserved.
func (s *checks) checkAdmitted(h *siteHost, g *siteGuest) error {
	sum := h.memory() + g.Declared.MemoryBytes - (h.strangers(s.now) - h.strangers(s.now-lcc.Instant(noticeTime)))
	if sum > h.Capacity.MemoryBytes {
		return fmt.Errorf("sim: invariant: %s lets %s in, and has %d bytes for the %d of its guests then, at %v", h.Name, g.Name,
			h.Capacity.MemoryBytes, sum, s.since())
	}
	return nil
}

// strangers is the memory on a host that its agent was not asked about, as of an
// instant.
func (h *siteHost) strangers(at lcc.Instant) (bytes int64) {
	for _, g := range h.here {
		if g.strange.since <= at {
			bytes += g.strange.bytes
		}
	}
	return bytes
}

func (s *checks) checkMemory(h *siteHost, excused int64) error {
	sum := h.memory() - excused
	for _, held := range h.agent.held {
		if g := s.named[held.guest]; g == nil || g.at != h && (g.move == nil || g.move.to != h) {
			sum += held.bytes
		}
	}
	if sum > h.Capacity.MemoryBytes {
		return fmt.Errorf("sim: invariant: guests on %s, on their way to it and promised room take %d bytes of %d, at %v", h.Name, sum,
			h.Capacity.MemoryBytes, s.since())
	}
	return s.checkDisk(h)
}

// forget drops the deals that an ended agent reported; after its restart it reports those
// in its journal again.
func (h *siteHost) forget() {
	h.agent.held = nil
	for _, g := range h.here {
		g.deal = ""
	}
}

// ended checks the invariants of an idle site, first that no deal is left.
func (s *checks) ended() error {
	if !s.result.Steady {
		return nil
	}
	for _, h := range s.hosts {
		if h.node == nil {
			continue
		}
		for _, d := range h.node.Host().Status().Deals {
			// A deal that has just begun may still end.
			if d.Age > s.o.Quiet/2 {
				return fmt.Errorf("sim: deal %s of %s is %s and does not end (seed %d)", d.Deal, h.Name, d.State, s.o.Seed)
			}
		}
	}
	return firstError(s.whole(), s.free(), s.needless())
}

// free checks that no room is reserved without a deal.
func (s *checks) free() error {
	for _, h := range s.hosts {
		if h.node == nil {
			continue
		}
		if now := h.node.Host().Status(); len(now.Deals) == 0 && now.Reserved != (hostagent.Resources{}) {
			return fmt.Errorf("sim: invariant: %s reserves room (%v) for no deal (seed %d)", h.Name, now.Reserved, s.o.Seed)
		}
	}
	return nil
}

// needless checks that, once all hosts see each other again, no agent asks a person
// about a guest that runs.
func (s *checks) needless() error {
	for _, h := range s.hosts {
		if h.node == nil || h.down || h.reach.island != 0 {
			return nil
		}
	}
	for _, h := range s.hosts {
		for _, g := range h.node.Host().Status().Guests {
			if g.State == hostagent.Running && g.Unmoved.Code == hostagent.CodeNeedsPerson {
				return fmt.Errorf("sim: invariant: %s asks a person about %s, which runs there and nowhere else (seed %d)", h.Name, g.Name, s.o.Seed)
			}
		}
	}
	return nil
}

// whole checks that every guest runs exactly once, where the lists of the hosts say.
func (s *checks) whole() error {
	places := make([]int, len(s.guests))
	for _, g := range s.guests {
		if g.at == nil {
			places[g.index] = 1 // it must not run
		}
	}
	for _, h := range s.hosts {
		for _, g := range h.here {
			places[g.index]++
			if g.at == nil {
				return fmt.Errorf("sim: invariant: %s runs on %s, and was ended", g.Name, h.Name)
			}
			if g.at != h {
				return fmt.Errorf("sim: %s is listed on %s and is on %s", g.Name, h.Name, g.at.Name)
			}
		}
	}
	for i, n := range places {
		if n != 1 {
			return fmt.Errorf("sim: invariant: %s runs %d times", s.guests[i].Name, n)
		}
	}
	return nil
}
