package sim

import (
	"math"
	"time"

	"parley/hostagent"
	"parley/hostagent/enact"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// start starts the agent of a host, from its journal if there is one.
func (s *site) start(h *siteHost) error {
	if h.node != nil || h.down {
		return nil
	}
	h.agent.incarnation++
	o := s.o.Peer
	o.Records = s.o.OnEntry != nil || s.chronicle.witness != nil
	n, err := node.New(node.Options{Self: lcc.PeerID(h.Name), Incarnation: h.agent.incarnation, Seed: s.seed(), Host: h.config, Peer: o})
	if err != nil {
		return err
	}
	h.node, h.agent.alarm = n, 0
	if w := s.chronicle.witness; w != nil {
		w.Began(&h.SiteHost, s.since())
	}
	h.agent.journal = hostagent.Compact(h.agent.journal)
	effects, err := n.Recover(s.clockNow(h), append([][]byte(nil), h.agent.journal...))
	if err != nil {
		return err
	}
	if err := s.carryOut(h, effects); err != nil {
		return err
	}
	for _, other := range h.near {
		if other.node == nil || other.reach.island != h.reach.island {
			continue
		}
		if err := s.meet(h, other, true); err != nil {
			return err
		}
	}
	for _, policy := range s.o.Policies {
		if err := s.stepPeer(h, peer.Enact{Model: policy, Refuse: h.Refuse, Start: enact.Starts(policy, h.Refuse)}); err != nil {
			return err
		}
	}
	if err := s.drawBeyond(h, h.agent.incarnation); err != nil {
		return err
	}
	return s.sample(h, h.agent.incarnation)
}

// meet reports to two agents that the connection between them is up or down.
func (s *site) meet(a, b *siteHost, up bool) error {
	if err := s.stepPeer(a, peer.Link{Peer: lcc.PeerID(b.Name), Up: up}); err != nil {
		return err
	}
	return s.stepPeer(b, peer.Link{Peer: lcc.PeerID(a.Name), Up: up})
}

// crash ends the agent of a host: it loses what it had not journalled; its guests and
// their migrations continue.
func (s *site) crash(h *siteHost, back time.Duration) error {
	if h.node == nil {
		return nil
	}
	s.chronicle.record(h, "fault", "", "its agent ends")
	h.node, h.agent.alarm = nil, 0
	if w := s.chronicle.witness; w != nil {
		w.Ended(&h.SiteHost, s.since())
	}
	h.forget()
	for _, other := range h.near {
		if other.node != nil && other.reach.island == h.reach.island {
			if err := s.stepPeer(other, peer.Link{Peer: lcc.PeerID(h.Name), Up: false}); err != nil {
				return err
			}
		}
	}
	s.plan(back, func() error { return s.start(h) })
	return nil
}

// sample looks at a host now and every SampleEvery, during this incarnation of its
// agent.
func (s *site) sample(h *siteHost, incarnation uint64) error {
	if h.node == nil || h.agent.incarnation != incarnation {
		return nil
	}
	every := h.node.Host().Config().SampleEvery
	s.plan(every, func() error { return s.sample(h, incarnation) })
	return s.look(h)
}

func (s *site) look(h *siteHost) error {
	if h.node == nil {
		return nil
	}
	s.account.count(h)
	wall := h.clock.wall(s.now)
	err := s.stepHost(h, hostagent.Observed{Wall: wall, Observation: h.observe(s.o.Waits), Pressure: h.pressure(s.o.Waits)})
	if err == nil && h.node != nil {
		s.chronicle.look(h, wall)
	}
	return err
}

// observe is what the platform of a host shows.
func (h *siteHost) observe(waits bool) hostagent.Observation {
	seen := hostagent.Observation{Capacity: h.Capacity, Endpoints: h.reach.endpoints, Offers: h.Takes.Offers}
	if n := len(h.here) + len(h.coming) + len(h.behind); n > 0 {
		seen.Guests = make([]hostagent.Guest, 0, n)
	}
	for _, g := range h.here {
		shown := g.shown(hostagent.Running)
		shown.Leaving, shown.CPUTime = g.move != nil, g.cpu.time
		shown.Instructions.N = g.executed()
		if waits {
			shown.Delay = g.cpu.waited
		}
		seen.Guests = append(seen.Guests, shown)
	}
	for _, g := range h.coming {
		seen.Guests = append(seen.Guests, g.shown(hostagent.Incoming))
	}
	for _, g := range h.behind {
		if g.at != h { // it may have come back
			seen.Guests = append(seen.Guests, g.shown(hostagent.Running))
		}
	}
	return seen
}

func (g *siteGuest) shown(state hostagent.GuestState) hostagent.Guest {
	return hostagent.Guest{
		ID: g.id, Name: g.Name, Kind: g.Kind, State: state, Declared: g.Declared, Needs: g.Needs,
		MemoryBytes: g.Declared.MemoryBytes, MovedAt: g.trail.movedAt, Rules: g.Rules,
		DirtyRate: int64(g.DirtyRate), DirtyKnown: g.Kind.Known() == hostagent.VM,
		Instructions: hostagent.Count{Known: g.MIPS > 0},
	}
}

// executed is how many instructions it has executed on its host.
func (g *siteGuest) executed() uint64 {
	return uint64(min(g.cpu.time.Seconds()*g.MIPS*1e6, math.MaxInt64))
}
