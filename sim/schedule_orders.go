package sim

import (
	"fmt"

	"parley/hostagent"
)

// This file is what operators tell agents, as the commands of the agent do.

// order gives an order to the agent of a host.
func (s *site) order(h *siteHost, guest, what string, order hostagent.Order) error {
	if h.node == nil {
		s.tell(h, "order", guest, what+": the agent does not answer")
		return nil
	}
	s.schedule.orders++
	if s.schedule.given == nil {
		s.schedule.given = map[uint64]string{}
	}
	s.schedule.given[s.schedule.orders] = what
	s.tell(h, "order", guest, what)
	return s.stepHost(h, hostagent.Ordered{ID: s.schedule.orders, Order: order})
}

// answered tells what became of an order.
func (s *site) answered(h *siteHost, e hostagent.OrderDone) {
	what := s.schedule.given[e.ID]
	delete(s.schedule.given, e.ID)
	if e.Err != "" {
		s.tell(h, "order", "", what+": refused: "+e.Err)
		return
	}
	s.tell(h, "order", "", what+": done")
}

// orderSettings is drain, undrain, pause and resume.
func (s *site) orderSettings(p Happening) error {
	for _, name := range p.Hosts {
		h := s.on(name)
		var settings hostagent.Settings
		if h.node != nil {
			settings = h.node.Host().Settings()
		}
		switch p.Do {
		case "drain":
			settings.Drained, settings.Force = true, p.Force
		case "undrain":
			settings.Drained, settings.Force = false, false
		default:
			settings.Paused = p.Do == "pause"
		}
		if err := s.order(h, "", p.Do, hostagent.Set{Settings: settings}); err != nil {
			return err
		}
	}
	return nil
}

// orderMode has hosts recommend or act, as their configuration says from now on.
func (s *site) orderMode(p Happening) error {
	for _, name := range p.Hosts {
		h := s.on(name)
		h.config.Recommend = p.Do == "recommend"
		s.tell(h, "order", "", p.Do)
		if err := s.stepHost(h, hostagent.Configured{Config: h.config}); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) orderMove(p Happening) error {
	g := s.about(p)
	what := "migrate " + g.Name
	if p.To != "" {
		what += " to " + p.To
	}
	if g.at == nil {
		s.tell(s.hosts[0], "order", g.Name, what+": it runs nowhere")
		return nil
	}
	return s.order(g.at, g.Name, what, hostagent.MoveGuest{Guest: g.id, Target: hostagent.HostID(p.To), Force: p.Force})
}

// orderForget tells every host that a person has looked after a guest.
func (s *site) orderForget(p Happening) error {
	g := s.about(p)
	for _, h := range s.hosts {
		if err := s.order(h, g.Name, "forget "+g.Name, hostagent.Forget{Guest: g.id}); err != nil {
			return err
		}
	}
	return nil
}

// orderRules writes into a guest whether it is pinned or ignored.
func (s *site) orderRules(p Happening) error {
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
	s.tell(g.at, "order", g.Name, fmt.Sprintf("%s %s", p.Do, g.Name))
	s.changed(g.at)
	return nil
}
