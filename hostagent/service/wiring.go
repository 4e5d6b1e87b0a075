package service

import (
	"log/slog"
	"time"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// Identity returns the peer id of a configured host; its key is made when it is
// not there yet.
func Identity(config config.Config) (lcc.PeerID, error) {
	key, err := libp2p.LoadOrCreateKey(config.Key)
	if err != nil {
		return "", err
	}
	return libp2p.KeyID(key)
}

// openNetwork opens the peer's end of the network as configured. Who is listed is
// those of the configuration until a roster says otherwise.
func (s *Service) openNetwork(life uint64, banFor time.Duration) error {
	key, err := libp2p.LoadOrCreateKey(s.fixed.Key)
	if err != nil {
		return err
	}
	if s.book, err = openAddressBook(s.fixed.StateDir); err != nil {
		return err
	}
	var peers []libp2p.Address
	for _, p := range s.fixed.Peers {
		peers = append(peers, libp2p.Address{ID: lcc.PeerID(p.ID), Multiaddrs: p.Addresses})
	}
	s.network, err = libp2p.New(libp2p.Options{
		Key: key, Life: life, Listen: s.fixed.Listen, Peers: peers,
		Group: s.fixed.Group, MDNS: s.fixed.MDNS, LinksMax: s.fixed.Links, BanFor: banFor,
		Events: s.fromNetwork, Notice: s.notice, Answer: s.answerPeer,
		Known: s.book.known(), Learned: func(id lcc.PeerID, envelope []byte) { s.inbox.put(learned{id, envelope}) },
		Logger: s.log,
	})
	return err
}

// seen remembers what a person should be told once and not at every look.
type seen struct {
	blind      bool
	ineligible map[hostagent.GuestID]string
}

// note tells when the platform is lost or is back, and which guests cannot be
// moved and why.
func (s *seen) note(ev event, log *slog.Logger) {
	switch ev := ev.(type) {
	case hostagent.Unobserved:
		if !s.blind {
			log.Error("the platform cannot be seen: no deal is begun until it is back", "error", ev.Err)
		}
		s.blind = true
	case hostagent.Observed:
		if s.blind {
			log.Info("the platform is seen again")
		}
		s.blind = false
		now := map[hostagent.GuestID]string{}
		for _, g := range ev.Observation.Guests {
			if g.Ineligible == "" {
				continue
			}
			now[g.ID] = g.Ineligible
			if s.ineligible[g.ID] != g.Ineligible {
				log.Warn("a guest cannot be moved", "guest", g.Name, "reason", g.Ineligible)
			}
		}
		s.ineligible = now
	}
}

func modelAttrs(r *peer.Record) []slog.Attr {
	attrs := []slog.Attr{slog.String("role", logText(r.Record.Role.String()))}
	if r.Record.Term != nil {
		attrs = append(attrs, slog.String("term", logText(r.Record.Term.String())))
	}
	if r.Record.Peer != "" {
		attrs = append(attrs, slog.String("peer", string(r.Record.Peer)))
	}
	return attrs
}
