package service

import (
	"context"
	"time"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/lcc"
	"parley/peer/libp2p"
)

// Identity returns the peer id of a configured host; it creates the key if it is
// missing.
func Identity(config config.Config) (lcc.PeerID, error) {
	key, err := libp2p.LoadOrCreateKey(config.Key)
	if err != nil {
		return "", err
	}
	return libp2p.KeyID(key)
}

// openNetwork opens the network as configured. The configured peers are listed until a
// roster is in force.
func (s *Service) openNetwork(incarnation uint64, banFor time.Duration) error {
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
	carrier, carries := s.platform.(hostagent.Carrier)
	options := libp2p.Options{
		Key: key, Incarnation: incarnation, Listen: s.fixed.Listen, Peers: peers,
		Group: s.fixed.Group, MDNS: s.fixed.MDNS, LinksMax: s.fixed.Links, BanFor: banFor,
		Events: s.fromNetwork,
		Notice: func(from lcc.PeerID, data []byte) libp2p.Verdict { <-s.opened; return s.publishers.notice(from, data) },
		Answer: func(from lcc.PeerID, request []byte) ([]byte, error) {
			<-s.opened
			return s.publishers.answerPeer(from, request)
		},
		Look: func(from lcc.PeerID, question []byte) ([]byte, error) {
			<-s.opened
			return s.view.answer(from, question)
		},
		Known: s.book.known(), Learned: func(id lcc.PeerID, envelope []byte) { s.inbox.put(learned{id, envelope}) },
		Logger: s.log,
	}
	if carries {
		options.Carry = func(from lcc.PeerID, stream *libp2p.Stream) {
			<-s.opened
			// Closing the network ends the stream, and with it this.
			carrier.Arrive(context.Background(), hostagent.HostID(from), stream)
		}
	}
	if s.network, err = libp2p.New(options); err != nil || !carries {
		return err
	}
	carrier.SetDial(func(ctx context.Context, to hostagent.HostID) (hostagent.Conn, error) {
		stream, err := libp2p.DialMove(ctx, s.network, lcc.PeerID(to))
		if err != nil {
			return nil, err // not a nil *Stream in an interface
		}
		return stream, nil
	})
	return nil
}
