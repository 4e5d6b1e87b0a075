package sim

import (
	"fmt"
	"time"

	"parley/hostagent"
)

// This file has the operators' orders to agents, as parley's commands give them.

// operators gives orders to agents, and maintains hosts.
type operators struct {
	*scene
	chronicle *chronicle
	agents    orderedAgents
	orders    uint64 // given so far
	given     map[uint64]string
}

// orderedAgents is what operators needs of the hosts and their agents.
type orderedAgents interface {
	stepHost(h *siteHost, ev hostagent.Event) error
	changed(h *siteHost)
	stop(h *siteHost, back time.Duration) error
}

// order gives an order to the agent of a host.
func (s *operators) order(h *siteHost, guest, what string, order hostagent.Order) error {
	if h.node == nil {
		s.chronicle.record(h, "order", guest, what+": the agent does not answer")
		return nil
	}
	s.orders++
	if s.given == nil {
		s.given = map[uint64]string{}
	}
	s.given[s.orders] = what
	s.chronicle.record(h, "order", guest, what)
	return s.agents.stepHost(h, hostagent.Ordered{ID: s.orders, Order: order})
}

// answered reports the result of an order.
func (s *operators) answered(h *siteHost, e hostagent.OrderDone) {
	what := s.given[e.ID]
	delete(s.given, e.ID)
	if e.Why.Is() {
		s.chronicle.record(h, "order", "", what+": refused: "+e.Why.Detail)
		return
	}
	s.chronicle.record(h, "order", "", what+": done")
}

// orderSettings carries out drain, undrain, pause and resume.
func (s *operators) orderSettings(p Happening) error {
	for _, name := range p.Hosts {
		h := s.on(name)
		var settings hostagent.Settings
		if h.node != nil {
			settings = h.node.Host().Settings()
		}
		switch p.Do {
		case "drain":
			settings = settings.Draining(p.Force, time.Time{})
		case "undrain":
			settings = settings.Undrained()
		default:
			settings.Paused = p.Do == "pause"
		}
		if err := s.order(h, "", p.Do, hostagent.Set{Settings: settings}); err != nil {
			return err
		}
	}
	return nil
}

// orderMode switches hosts between recommending and acting, as their configuration
// would.
func (s *operators) orderMode(p Happening) error {
	for _, name := range p.Hosts {
		h := s.on(name)
		h.config.Recommend = p.Do == "recommend"
		s.chronicle.record(h, "order", "", p.Do)
		if err := s.agents.stepHost(h, hostagent.Configured{Config: h.config}); err != nil {
			return err
		}
	}
	return nil
}

func (s *operators) orderMove(p Happening) error {
	g := s.about(p)
	what := "migrate " + g.Name
	if p.To != "" {
		what += " to " + p.To
	}
	if g.at == nil {
		s.chronicle.record(s.hosts[0], "order", g.Name, what+": it runs nowhere")
		return nil
	}
	return s.order(g.at, g.Name, what, hostagent.MoveGuest{Guest: g.id, Target: hostagent.HostID(p.To), Force: p.Force})
}

// orderForget confirms to every host that a person has checked a guest.
func (s *operators) orderForget(p Happening) error {
	g := s.about(p)
	for _, h := range s.hosts {
		if err := s.order(h, g.Name, "forget "+g.Name, hostagent.Forget{Guest: g.id}); err != nil {
			return err
		}
	}
	return nil
}

// orderRules writes into a guest whether it is pinned or ignored.
func (s *operators) orderRules(p Happening) error {
	g := s.about(p)
	switch p.Do {
	case "pin", "unpin":
		g.Rules.Pinned = p.Do == "pin"
	default:
		g.Rules.Ignored = p.Do == "ignore"
	}
	if g.at == nil {
		return nil
	}
	s.chronicle.record(g.at, "order", g.Name, fmt.Sprintf("%s %s", p.Do, g.Name))
	s.agents.changed(g.at)
	return nil
}
