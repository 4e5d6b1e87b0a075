package sim

import (
	"fmt"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// step steps the agent of a host, if it runs, and carries out what it wants.
func (s *site) step(h *siteHost, ev node.Event) error {
	if h.node == nil {
		return nil
	}
	effects, err := h.node.Step(s.now, ev)
	if err != nil {
		return fmt.Errorf("sim: host %s: %w", h.Name, err)
	}
	return s.carryOut(h, effects)
}

// later plans an event for the present life of a host's agent.
func (s *site) later(h *siteHost, after time.Duration, ev func() node.Event) {
	life := h.life
	s.plan(after, func() error {
		if h.node == nil || h.life != life {
			return nil
		}
		return s.step(h, ev())
	})
}

func (s *site) carryOut(h *siteHost, effects []node.Effect) error {
	for _, effect := range effects {
		switch e := effect.(type) {
		case peer.Transmit:
			s.transmit(h, e)
		case peer.Publish:
			for _, other := range s.hosts {
				if other != h {
					s.carry(s.o.Network, func() error { return s.step(other, peer.Heard(e)) })
				}
			}
		case hostagent.Journal:
			record := e.Record
			s.later(h, journalLag, func() node.Event {
				h.journal = append(h.journal, record)
				return hostagent.Journalled{Seq: e.Seq}
			})
		case hostagent.StartMove:
			if err := s.startMove(h, e); err != nil {
				return err
			}
		case hostagent.AbortMove:
			s.abort(h, e.Guest)
		case hostagent.Observe:
			life := h.life
			s.plan(10*time.Millisecond, func() error {
				if h.life != life {
					return nil
				}
				return s.look(h)
			})
		case node.Alarm:
			s.alarm(h, e.At)
		case hostagent.Story:
			s.story(h, e)
		case peer.Record:
			if e.Record.Kind == lcc.RecordSend {
				s.result.Messages++
			}
		case peer.Finish:
			return fmt.Errorf("sim: host %s: an agent of the policy ended: %s: %s", h.Name, e.Finish.Role, e.Finish.Reason)
		}
	}
	return nil
}

func (s *site) transmit(h *siteHost, e peer.Transmit) {
	to := s.byName[e.To]
	if to == nil || to.node == nil {
		s.later(h, s.o.Network.Latency, func() node.Event {
			return peer.SendFailed{To: e.To, Frame: e.Frame, Reason: lcc.Reason{Code: lcc.ReasonUnreachable, Detail: "the agent is down"}}
		})
		return
	}
	s.carry(s.o.Network, func() error {
		return s.step(to, peer.Arrived{From: lcc.PeerID(h.Name), Frame: e.Frame})
	})
}

func (s *site) alarm(h *siteHost, at lcc.Instant) {
	h.alarm = at
	if at == 0 {
		return
	}
	life := h.life
	s.planAt(at, func() error {
		if h.node == nil || h.life != life || h.alarm != at {
			return nil
		}
		h.alarm = 0
		return s.step(h, node.Woken{})
	})
}

func (s *site) story(h *siteHost, e hostagent.Story) {
	s.last = s.now
	if e.Side == hostagent.SourceSide && (e.State == hostagent.Aborted || e.State == hostagent.Stuck) {
		s.result.Failed++
	}
}

// startMove begins a migration, if the target's agent admits it.
func (s *site) startMove(h *siteHost, e hostagent.StartMove) error {
	target := s.byName[lcc.PeerID(e.Move.Endpoint)]
	var guest *siteGuest
	for _, g := range s.guests {
		if hostagent.GuestID(g.Name) == e.Move.Guest && g.at == h && g.to == nil {
			guest = g
		}
	}
	fail := func(why string) {
		s.later(h, s.o.Network.Latency, func() node.Event { return hostagent.Moved{Deal: e.Deal, Err: why} })
	}
	if guest == nil || target == nil || target.node == nil {
		fail("the guest is not here, or the target's agent is down")
		return nil
	}
	ok, reason, err := s.admit(target, e.Move)
	if err != nil {
		return err
	}
	if !ok {
		fail(reason)
		return nil
	}
	guest.to = target
	guest.moving++
	number := guest.moving
	took := time.Duration(float64(guest.Declared.MemoryBytes) / float64(s.o.BytesPerSecond) * float64(time.Second))
	s.plan(took, func() error { return s.arrive(h, guest, number, e, took) })
	return s.check()
}

// admit asks the target's agent whether the guest may come.
func (s *site) admit(target *siteHost, m hostagent.Migration) (ok bool, reason string, err error) {
	effects, err := target.node.Step(s.now, hostagent.Arriving{ID: 1, Guest: m.Guest, Deal: m.Deal, Token: m.Token})
	if err != nil {
		return false, "", err
	}
	var rest []node.Effect
	for _, effect := range effects {
		if admit, is := effect.(hostagent.Admit); is {
			ok, reason = admit.OK, admit.Reason
			continue
		}
		rest = append(rest, effect)
	}
	return ok, reason, s.carryOut(target, rest)
}

// arrive switches a guest to its target, unless the migration was aborted.
func (s *site) arrive(h *siteHost, g *siteGuest, number int, e hostagent.StartMove, took time.Duration) error {
	if g.moving != number || g.to == nil {
		return nil
	}
	s.result.Moves = append(s.result.Moves, Move{At: time.Duration(s.now), Guest: g.Name, From: h.Name, To: g.to.Name})
	g.behind, g.at, g.to = h, g.to, nil
	g.movedAt = e.Move.MovedAt
	g.cpuTime, g.counted = 0, s.now
	s.last = s.now
	s.plan(overlap, func() error {
		if g.behind == h {
			g.behind = nil
		}
		return nil
	})
	life := h.life
	s.plan(overlap+time.Millisecond, func() error {
		if h.life != life {
			return nil
		}
		return s.step(h, hostagent.Moved{Deal: e.Deal, Migrated: hostagent.Migrated{
			Total: took, Downtime: 100 * time.Millisecond, Bytes: g.Declared.MemoryBytes,
		}})
	})
	return s.check()
}

// abort stops a migration that has not switched yet.
func (s *site) abort(h *siteHost, guest hostagent.GuestID) {
	for _, g := range s.guests {
		if hostagent.GuestID(g.Name) == guest && g.at == h && g.to != nil {
			g.to = nil
			g.moving++
		}
	}
}
