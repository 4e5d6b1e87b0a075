package libp2p

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"google.golang.org/protobuf/proto"

	"parley/peer"
)

// megaphone writes gossip as it likes.
type megaphone struct {
	t      *testing.T
	stream network.Stream
	seqno  uint64
}

func (s *site) megaphone(bad host.Host, to place) *megaphone {
	s.t.Helper()
	bad.SetStreamHandler(pubsub.GossipSubID_v12, func(stream network.Stream) {
		_, _ = io.Copy(io.Discard, stream) // ends with the host
	})
	stream, err := bad.NewStream(s.t.Context(), to.raw(), pubsub.GossipSubID_v12)
	if err != nil {
		s.t.Fatal(err)
	}
	m := &megaphone{t: s.t, stream: stream, seqno: uint64(time.Now().UnixNano())}
	m.subscribe(advertsTopic("test"))
	return m
}

func (m *megaphone) subscribe(topics ...string) {
	rpc := &pb.RPC{}
	for _, topic := range topics {
		rpc.Subscriptions = append(rpc.Subscriptions, &pb.RPC_SubOpts{Subscribe: proto.Bool(true), Topicid: proto.String(topic)})
	}
	if err := m.send(rpc); err != nil {
		m.t.Fatal(err)
	}
}

// send writes an RPC; an error says that the stream is over.
func (m *megaphone) send(rpc *pb.RPC) error {
	data, err := proto.Marshal(rpc)
	if err != nil {
		m.t.Fatal(err)
	}
	_, err = m.stream.Write(append(binary.AppendUvarint(nil, uint64(len(data))), data...))
	return err
}

// message is gossip that a host signs.
func (m *megaphone) message(by place, topic string, data []byte) *pb.Message {
	m.t.Helper()
	m.seqno++
	msg := &pb.Message{
		From: []byte(by.raw()), Data: data, Topic: proto.String(topic), Seqno: binary.BigEndian.AppendUint64(nil, m.seqno),
	}
	unsigned, err := proto.Marshal(msg)
	if err != nil {
		m.t.Fatal(err)
	}
	if msg.Signature, err = by.key.Sign(append([]byte(pubsub.SignPrefix), unsigned...)); err != nil {
		m.t.Fatal(err)
	}
	return msg
}

func (m *megaphone) publish(messages ...*pb.Message) error { return m.send(&pb.RPC{Publish: messages}) }

func advertBytes(t *testing.T, a peer.Advert) []byte {
	t.Helper()
	data, err := peer.EncodeAdvert(a)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestAdvertFlood: a flood of valid adverts is read up to the allowance; a peer that
// continues is banned within seconds, and the adverts of others are received.
func TestAdvertFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, at, atBad := s.besieged()
		m := s.megaphone(bad, at)
		topic := advertsTopic("test")
		began := time.Now()
		for seq := uint64(1); ; seq++ {
			if m.publish(m.message(atBad, topic, advertBytes(t, advertOf(atBad.id, seq)))) != nil {
				break
			}
			if time.Since(began) > time.Minute {
				t.Fatal("a flood of a minute was let through")
			}
			time.Sleep(time.Millisecond)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the flood was stopped after %v, want seconds", took)
		}
		heard := 0
		for len(a.events) > 0 {
			if ev, ok := (<-a.events).(peer.Heard); ok && ev.Advert.Peer == atBad.id {
				heard++
			}
		}
		if most := published.burst + 5*int(published.perSecond); heard == 0 || heard > most {
			t.Errorf("%d adverts of the flood were heard, want at most %d", heard, most)
		}
		shutOut(t, a, honest, atBad, kindFlood)
		var seq uint64
		hears(t, a, honest, &seq)
	})
}

// TestForgedGossip: messages without a signature, with a wrong one, or in another's
// name are dropped, and their forwarder is banned after a handful.
func TestForgedGossip(t *testing.T) {
	for name, forge := range map[string]func(m *megaphone, bad, honest place) *pb.Message{
		"stripped": func(m *megaphone, bad, honest place) *pb.Message {
			msg := m.message(honest, advertsTopic("test"), advertBytes(m.t, advertOf(honest.id, m.seqno)))
			msg.Signature = nil
			return msg
		},
		"wrong signature": func(m *megaphone, bad, honest place) *pb.Message {
			msg := m.message(bad, advertsTopic("test"), advertBytes(m.t, advertOf(honest.id, m.seqno)))
			msg.From = []byte(honest.raw())
			return msg
		},
		"changed": func(m *megaphone, bad, honest place) *pb.Message {
			msg := m.message(honest, advertsTopic("test"), advertBytes(m.t, advertOf(honest.id, 1)))
			msg.Data = advertBytes(m.t, advertOf(honest.id, m.seqno))
			return msg
		},
		"another's advert": func(m *megaphone, bad, honest place) *pb.Message {
			return m.message(bad, advertsTopic("test"), advertBytes(m.t, advertOf(honest.id, m.seqno)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) {
				a, honest, bad, at, atBad := s.besieged()
				m := s.megaphone(bad, at)
				atHonest := place{id: honest.id, key: honest.host.o.Key}
				for range 10 {
					if m.publish(forge(m, atBad, atHonest)) != nil {
						break
					}
					time.Sleep(100 * time.Millisecond)
				}
				for len(a.events) > 0 {
					if ev, ok := (<-a.events).(peer.Heard); ok {
						t.Errorf("a forged advert was heard: %+v", ev.Advert)
					}
				}
				shutOut(t, a, honest, atBad, kindForged)
				var seq uint64
				hears(t, a, honest, &seq)
			})
		})
	}
}

// TestJunkAdverts: malformed adverts are rejected, and their signer is blamed.
func TestJunkAdverts(t *testing.T) {
	large := make([]byte, peer.AdvertBytes+1)
	for _, c := range []struct {
		name, kind string
		data       []byte
	}{
		{"no CBOR", kindMalformed, []byte("junk")},
		{"empty", kindMalformed, nil},
		{"truncated", kindMalformed, []byte{0xa4, 1}},
		{"deeply nested", kindMalformed, nested(20_000)},
		{"a field twice", kindMalformed, []byte{0xa2, 2, 1, 2, 1}},
		{"too large", kindOversized, large},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) {
				a, honest, bad, at, atBad := s.besieged()
				m := s.megaphone(bad, at)
				if err := m.publish(m.message(atBad, advertsTopic("test"), c.data)); err != nil {
					t.Fatal(err)
				}
				eventually(t, "it to be counted", func() bool { return conductOf(a, atBad.id).count(c.kind) == 1 })
				var seq, other uint64
				hears(t, a, honest, &seq)
				for ; other < 3; other++ {
					if err := m.publish(m.message(atBad, advertsTopic("test"), advertBytes(t, advertOf(atBad.id, other+1)))); err != nil {
						t.Fatal(err)
					}
					await(t, a, "a good advert after it", func(ev peer.Heard) bool { return ev.Advert.Peer == atBad.id })
				}
			})
		})
	}
}

// TestReplayedAdverts: replayed adverts are dropped, and their forwarder is blamed.
func TestReplayedAdverts(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, at, atBad := s.besieged()
		m := s.megaphone(bad, at)
		var kept []*pb.Message
		for seq := uint64(1); seq <= 40; seq++ {
			honest.host.Publish(advertOf(honest.id, seq))
			await(t, a, "the advert", func(ev peer.Heard) bool { return ev.Advert.Seq == seq })
			time.Sleep(200 * time.Millisecond)
			// The hostile host could have kept what it was told; that it made
			// none itself is seen by the signature.
			kept = append(kept, m.message(place{id: honest.id, key: honest.host.o.Key}, advertsTopic("test"),
				advertBytes(t, advertOf(honest.id, seq))))
		}
		time.Sleep(time.Minute)
		for _, msg := range kept[:20] {
			if err := m.publish(msg); err != nil {
				t.Fatal(err)
			}
			time.Sleep(200 * time.Millisecond)
		}
		eventually(t, "all to be counted", func() bool { return conductOf(a, atBad.id).count(kindReplayed) >= 19 })
		for len(a.events) > 0 {
			if ev, ok := (<-a.events).(peer.Heard); ok {
				t.Errorf("advert %d was heard again", ev.Advert.Seq)
			}
		}
		if c := conductOf(a, honest.id); len(c.Kinds) != 0 {
			t.Errorf("the honest peer is blamed: %+v", c)
		}
	})
}

// TestGossipOfStrangers: a message that a stranger signed is ignored, although a listed
// host forwards it.
func TestGossipOfStrangers(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		var notices heardNotices
		a, honest, bad, at, _ := s.besieged(notices.options)
		m := s.megaphone(bad, at)
		m.subscribe(noticesTopic)
		stranger := s.place()
		for seq := uint64(1); seq < 5; seq++ {
			err := m.publish(
				m.message(stranger, advertsTopic("test"), advertBytes(t, advertOf(stranger.id, seq))),
				m.message(stranger, noticesTopic, fmt.Appendf(nil, "\x00notice %d", seq)))
			if err != nil {
				t.Fatal(err)
			}
		}
		var seq uint64
		hears(t, a, honest, &seq)
		for len(a.events) > 0 {
			if ev, ok := (<-a.events).(peer.Heard); ok && ev.Advert.Peer == stranger.id {
				t.Error("an advert of a stranger was heard")
			}
		}
		if notices.count("") != 0 {
			t.Errorf("notices of a stranger were judged: %v", notices.list)
		}
	})
}

// TestGossipFloods: gossip above what all hosts would send is dropped before it is
// inspected.
func TestGossipFloods(t *testing.T) {
	topic := advertsTopic("test")
	for name, flood := range map[string]func(m *megaphone, n int) *pb.RPC{
		"of one message": func(m *megaphone, n int) *pb.RPC {
			return &pb.RPC{Publish: []*pb.Message{{Topic: proto.String("other"), Data: []byte("x")}}}
		},
		"of grafts": func(m *megaphone, n int) *pb.RPC {
			return &pb.RPC{Control: &pb.ControlMessage{Graft: []*pb.ControlGraft{{TopicID: &topic}}, Prune: []*pb.ControlPrune{{TopicID: &topic}}}}
		},
		"of wishes": func(m *megaphone, n int) *pb.RPC {
			return &pb.RPC{Control: &pb.ControlMessage{Iwant: []*pb.ControlIWant{{MessageIDs: []string{"a", "b", fmt.Sprint(n)}}}}}
		},
		"of subscriptions": func(m *megaphone, n int) *pb.RPC {
			return &pb.RPC{Subscriptions: []*pb.RPC_SubOpts{{Subscribe: proto.Bool(true), Topicid: proto.String(advertsTopic(fmt.Sprint(n)))}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) {
				a, honest, bad, at, atBad := s.besieged()
				m := s.megaphone(bad, at)
				for n := range 20_000 {
					if m.send(flood(m, n)) != nil {
						break
					}
					time.Sleep(time.Millisecond)
				}
				shutOut(t, a, honest, atBad, kindFlood)
				var seq uint64
				hears(t, a, honest, &seq)
			})
		})
	}
}

// TestOversizedRPC: an RPC that announces more than the largest notice ends its stream
// before memory is allocated.
func TestOversizedRPC(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, at, _ := s.besieged()
		m := s.megaphone(bad, at)
		if _, err := m.stream.Write(binary.AppendUvarint(nil, messageMax+1)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(m.stream); !errors.Is(err, network.ErrReset) {
			t.Errorf("got %v, want the stream reset", err)
		}
		var seq uint64
		hears(t, a, honest, &seq)
	})
}
