package sim

import (
	"fmt"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// stepPeer steps the peer of a host, if its agent runs, and carries out the effects.
func (s *site) stepPeer(h *siteHost, ev peer.Event) error {
	if h.node == nil {
		return nil
	}
	effects, err := h.node.StepPeer(s.clockNow(h), ev)
	return s.stepped(h, ev, effects, err)
}

// stepHost steps the core of a host, if its agent runs, and carries out the effects.
func (s *site) stepHost(h *siteHost, ev hostagent.Event) error {
	if h.node == nil {
		return nil
	}
	effects, err := h.node.StepHost(s.clockNow(h), ev)
	return s.stepped(h, ev, effects, err)
}

// stepped carries out the effects of an event; nil is the alarm.
func (s *site) stepped(h *siteHost, ev any, effects []node.Effect, err error) error {
	if err != nil {
		return fmt.Errorf("sim: host %s: %w", h.Name, err)
	}
	defer s.followed.watch.over(s.followed.watch.met(s.scene, h, ev, effects))
	return s.carryOut(h, effects)
}

// later plans a function for the present incarnation of a host's agent.
func (s *site) later(h *siteHost, after time.Duration, do func() error) {
	incarnation := h.agent.incarnation
	s.plan(after, func() error {
		if h.node == nil || h.agent.incarnation != incarnation {
			return nil
		}
		return do()
	})
}

// laterHost plans an event for the present incarnation of a host's agent.
func (s *site) laterHost(h *siteHost, after time.Duration, ev func() hostagent.Event) {
	s.later(h, after, func() error { return s.stepHost(h, ev()) })
}

func (s *site) carryOut(h *siteHost, effects []node.Effect) error {
	for _, effect := range effects {
		var err error
		switch {
		case effect.Peer != nil:
			err = s.carryOutPeer(h, effect.Peer)
		case effect.Host != nil:
			err = s.carryOutHost(h, effect.Host)
		case effect.Alarm != nil:
			s.alarm(h, effect.Alarm.At)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *site) carryOutPeer(h *siteHost, effect peer.Effect) error {
	switch e := effect.(type) {
	case peer.Transmit:
		return s.transmit(h, e)
	case peer.Publish:
		return s.publish(h, e)
	case peer.Record:
		s.chronicle.recordTrace(h, e.Record)
	case peer.Finish:
		return fmt.Errorf("sim: host %s: an agent of the policy ended: %s: %s", h.Name, e.Finish.Role, e.Finish.Reason)
	}
	return nil
}

func (s *site) carryOutHost(h *siteHost, effect hostagent.Effect) error {
	switch e := effect.(type) {
	case hostagent.Journal:
		record := e.Record
		s.laterHost(h, journalLag, func() hostagent.Event {
			h.keep(record)
			return hostagent.Journalled{Seq: e.Seq}
		})
	case hostagent.StartMove:
		return s.migrations.startMove(h, e)
	case hostagent.AbortMove:
		s.migrations.abort(h, e.Guest)
	case hostagent.Observe:
		incarnation := h.agent.incarnation
		s.plan(lookLag, func() error {
			if h.agent.incarnation != incarnation {
				return nil
			}
			return s.look(h)
		})
	case hostagent.DealChanged:
		return s.story(h, e)
	case hostagent.DealMeasured:
		if w := s.chronicle.witness; w != nil {
			w.Measured(&h.SiteHost, s.since(), e)
		}
	case hostagent.OrderDone:
		s.operators.answered(h, e)
	}
	return nil
}

// journalMax is the number of records from which a host's journal is compacted, as the
// service does with its file.
const journalMax = 512

func (h *siteHost) keep(record []byte) {
	if h.agent.journal = append(h.agent.journal, record); len(h.agent.journal) >= journalMax {
		h.agent.journal = hostagent.Compact(h.agent.journal)
	}
}

// publish delivers an advert to the hosts that hear this host.
func (s *site) publish(h *siteHost, e peer.Publish) error {
	if s.o.Wire {
		data, err := peer.EncodeAdvert(e.Advert)
		if err != nil {
			return fmt.Errorf("sim: host %s: its advert: %w", h.Name, err)
		}
		s.account.adverts.bytes += len(data) * len(h.near)
	}
	s.account.adverts.sent += len(h.near)
	island, heard := h.reach.island, peer.Heard(e)
	if s.o.Network.plain() && !s.followed.each() {
		s.plan(s.o.Network.Latency, func() error {
			for _, other := range h.near {
				if err := s.hear(other, island, heard); err != nil {
					return err
				}
			}
			return nil
		})
		return nil
	}
	for _, other := range h.near {
		n := s.o.Network
		turn, more := s.followed.advert(s.scene, lane{h.Name, other.Name})
		n.Latency += more
		carry(s.world, n, func() error {
			s.followed.watch.arrives(turn, other)
			return s.hear(other, island, heard)
		})
	}
	return nil
}

func (s *site) hear(h *siteHost, island int, heard peer.Heard) error {
	if h.reach.island != island {
		return nil
	}
	return s.stepPeer(h, heard)
}

func (s *site) transmit(h *siteHost, e peer.Transmit) error {
	if s.o.Wire {
		data, err := peer.EncodeFrame(e.Frame)
		if err != nil {
			return fmt.Errorf("sim: host %s: a frame to %s: %w", h.Name, e.To, err)
		}
		s.account.frames.bytes += len(data)
	}
	s.account.frames.sent++
	if e.Frame.Message != nil {
		s.result.Messages++
		h.used.messages++
	}
	to := s.byName[e.To]
	if to == nil || to.node == nil || to.reach.island != h.reach.island {
		s.later(h, s.o.Network.Latency, func() error {
			return s.stepPeer(h, peer.SendFailed{
				To: e.To, Frame: e.Frame, Reason: lcc.Reason{Code: lcc.ReasonUnreachable, Detail: "no connection"},
			})
		})
		return nil
	}
	turn, more := s.followed.frame(s.scene, lane{h.Name, to.Name}, e.Frame)
	arrive := func() error {
		if to.reach.island != h.reach.island {
			return nil
		}
		s.followed.watch.arrives(turn, to)
		return s.stepPeer(to, peer.Arrived{From: lcc.PeerID(h.Name), Frame: e.Frame})
	}
	n := s.o.Network
	n.Latency += more
	if e.Frame.Message != nil {
		carryInOrder(s.world, n, h.Name, to.Name, arrive)
	} else {
		carry(s.world, n, arrive)
	}
	return nil
}

func (s *site) alarm(h *siteHost, at lcc.Instant) {
	h.agent.alarm = at
	if at == 0 {
		return
	}
	incarnation := h.agent.incarnation
	s.planLast(h.clock.when(at), func() error {
		if h.node == nil || h.agent.incarnation != incarnation || h.agent.alarm != at {
			return nil
		}
		h.agent.alarm = 0
		effects, err := h.node.Wake(s.clockNow(h))
		return s.stepped(h, nil, effects, err)
	})
}
