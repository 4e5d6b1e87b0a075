package service

import (
	"strconv"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// carryOut hands each effect to the goroutine that is responsible for it, and never
// waits.
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
		s.records.finished(e)
	case peer.Record:
		shown := tokensHidden(e)
		s.records.emit(Occurrence{Record: &shown})
	case peer.Misbehaved:
		s.network.Blame(e.Peer, e.Kind)
	case peer.Incarnation:
		s.records.incarnation(e)
	case peer.Meet:
		s.network.Meet(e.Peer)
	}
}

func (s *Service) carryOutHost(effect hostagent.Effect) {
	switch e := effect.(type) {
	case hostagent.Journal:
		s.journal.write(e)
	case hostagent.Admit:
		s.metrics.admitted.WithLabelValues(strconv.FormatBool(!e.Why.Is()), string(e.Why.Code)).Inc()
		s.asked.admissions.answer(e.ID, e)
	case hostagent.OrderDone:
		s.asked.orders.answer(e.ID, e)
	case hostagent.StartMove:
		s.work.mover.start(s.work.moves, e)
	case hostagent.Signed:
		s.audit.Add(audit.Entry{At: time.Now(), Kind: "signed", Deal: string(e.Deal), Source: string(e.From), State: e.Kind, Data: e.Payload})
	case hostagent.Misbehaved:
		s.network.Blame(lcc.PeerID(e.Host), e.Kind)
	case hostagent.AbortMove:
		s.work.mover.abortSoon(s.work.moves, e.Guest, func(err error) {
			s.log.Warn("abort of a migration; the agent looks where the guest is", "event", "migration_abort_failed", "guest", e.Guest,
				"deal", e.Deal, "error", err)
		})
	case hostagent.ConfigRefused:
		s.rejected = api.RejectedConfig{Why: e.Why, At: time.Now()}
		s.log.Error("the configuration is refused; the agent keeps the old one", "event", "config_refused", "error", e.Why)
	case hostagent.LookFor:
		s.work.files.look(e)
	case hostagent.Observe:
		s.work.sampler.lookSoon()
	case hostagent.DealChanged:
		s.records.dealChanged(e)
	case hostagent.DealMeasured:
		s.records.dealMeasured(e)
	}
}

// signer signs with the key of the network identity.
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
