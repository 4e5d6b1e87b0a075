package service

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"parley/hostagent"
	"parley/hostagent/audit"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// carryOut turns each effect into work for the goroutine whose job it is, and
// waits for none.
func (s *Service) carryOut(effects []node.Effect) {
	for _, effect := range effects {
		switch {
		case effect.Peer != nil:
			s.carryOutPeer(effect.Peer)
		case effect.Host != nil:
			s.carryOutHost(effect.Host)
		case effect.Alarm != nil:
			s.setAlarm(*effect.Alarm)
		}
	}
}

func (s *Service) carryOutPeer(effect peer.Effect) {
	switch e := effect.(type) {
	case peer.Transmit:
		s.network.Send(e.To, e.Frame)
	case peer.Publish:
		s.network.Publish(e.Advert)
	case peer.Finish:
		s.ended(e)
	case peer.Record:
		shown := tokensHidden(e)
		s.tell(Occurrence{Record: &shown})
	case peer.Misbehaved:
		s.network.Blame(e.Peer, e.Kind)
	case peer.Incarnation:
		s.incarnation(e)
	case peer.Meet:
		s.network.Meet(e.Peer)
	}
}

func (s *Service) carryOutHost(effect hostagent.Effect) {
	switch e := effect.(type) {
	case hostagent.Journal:
		s.append(e)
	case hostagent.Admit:
		s.metrics.admitted.WithLabelValues(strconv.FormatBool(e.OK)).Inc()
		if answer, ok := s.admissions[e.ID]; ok {
			delete(s.admissions, e.ID)
			answer <- e // holds one
		}
	case hostagent.OrderDone:
		if answer, ok := s.orders[e.ID]; ok {
			delete(s.orders, e.ID)
			e.Err = s.reason(e.Err)
			answer <- e // holds one
		}
	case hostagent.StartMove:
		s.mover.start(s.moves, e)
	case hostagent.Signed:
		s.audit.Add(audit.Entry{At: time.Now(), Kind: "signed", Deal: string(e.Deal), Source: string(e.From), State: e.Kind, Data: e.Payload})
	case hostagent.Misbehaved:
		s.network.Blame(lcc.PeerID(e.Host), e.Kind)
	case hostagent.AbortMove:
		s.mover.abortSoon(s.moves, e.Guest, func(err error) {
			s.log.Warn("abort of a migration; where the guest is will be looked at", "guest", e.Guest, "trace_id", e.Deal, "error", err)
		})
	case hostagent.ConfigRefused:
		s.configErr = e.Why
		s.log.Error("the configuration was not taken; the agent goes on with the old one", "error", e.Why)
	case hostagent.LookFor:
		s.files.look(e)
	case hostagent.Observe:
		s.sampler.lookSoon()
	case hostagent.DealChanged:
		s.note(e)
	}
}

// ended tells of an agent's end. One that failed is begun anew by the peer; what
// it failed over is for the author of the policy, or for who sent it.
func (s *Service) ended(e peer.Finish) {
	switch e.Finish.Reason.Code {
	case lcc.ReasonDone, lcc.ReasonStopped:
		s.log.Info("an agent of a model ended", "role", logText(e.Finish.Role.String()), "reason", e.Finish.Reason)
	default:
		if left, ok := s.lines.allows(string(e.Finish.By), "failed", time.Now()); ok {
			attrs := append(left, slog.String("role", logText(e.Finish.Role.String())), slog.String("reason", logText(e.Finish.Reason.String())))
			if e.Finish.By != "" {
				attrs = append(attrs, slog.String("by_message_of", s.name(hostagent.HostID(e.Finish.By))))
			}
			s.log.LogAttrs(context.Background(), slog.LevelError, "an agent of a model failed; if it was started here it begins anew in a moment", attrs...)
		}
	}
}

// signer signs with the identity of the network.
type signer struct{ *libp2p.Host }

func (k signer) Verify(host hostagent.HostID, text, signature []byte) bool {
	return k.Host.Verify(lcc.PeerID(host), text, signature)
}

func (s *Service) setAlarm(e node.Alarm) {
	s.alarm.Stop()
	if e.At != 0 {
		s.alarm.Reset(max(0, time.Duration(e.At-s.now())))
	}
}

// tell passes on what people may want to see.
func (s *Service) tell(o Occurrence) {
	if r := o.Record; r != nil {
		s.mentions.note(r, time.Now())
		if kind := r.Record.Kind; kind == lcc.RecordSend || kind == lcc.RecordReceive {
			s.metrics.messages.WithLabelValues(string(kind)).Inc()
		}
		if s.log.Enabled(context.Background(), slog.LevelDebug) {
			s.log.LogAttrs(context.Background(), slog.LevelDebug, string(r.Record.Kind), modelAttrs(r)...)
		}
	}
	s.watch(o)
}

// note keeps and logs what became of a deal.
func (s *Service) note(story hostagent.DealChanged) {
	now := time.Now()
	s.history.note(story, now)
	s.trial.told(story)
	s.metrics.note(story)
	if story.State != hostagent.Refused || story.Operator {
		// That a policy's question was answered with no is no deal; the
		// latest of these are in the history of this run (`parley explain`).
		s.audit.Add(entryOf(story, now))
	}
	s.logDeal(story, now)
	s.tell(Occurrence{Story: &story})
}

// logDeal tells of a deal; of those that another host begins and that are refused, so
// many.
func (s *Service) logDeal(story hostagent.DealChanged, now time.Time) {
	log := s.log
	if story.State == hostagent.Refused && !story.Operator {
		attrs, ok := s.lines.allows(string(story.Source), "refused", now)
		if !ok {
			return
		}
		for _, a := range attrs {
			log = log.With(a)
		}
	}
	level := slog.LevelInfo
	if story.State == hostagent.Stuck {
		level = slog.LevelError
	}
	log.Log(context.Background(), level, "deal", "trace_id", story.Deal, "state", story.State, "side", story.Side,
		"guest", story.Name, "source", s.name(story.Source), "target", s.name(story.Target), "reason", logText(s.reason(story.Reason)))
}
