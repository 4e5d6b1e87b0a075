package service

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	golibp2p "github.com/libp2p/go-libp2p"
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	noise "github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	"google.golang.org/protobuf/proto"

	"parley/hostagent/config"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// heckler is a listed peer that follows no protocol rule: a bare libp2p host that
// writes junk. It makes the junk beforehand, so that sending costs little.
type heckler struct {
	host   host.Host
	id     lcc.PeerID
	key    crypto.PrivKey
	target p2p.AddrInfo

	streams map[protocol.ID]network.Stream
	adverts [][]byte // RPCs, signed by it
	notices [][]byte
	frames  [][]byte // with their lengths
	next    int
	rests   time.Time // cut off; tries again at this time

	sent, failed *atomic.Int64
}

const (
	framesID = protocol.ID("/parley/frames/1")
	askID    = protocol.ID("/parley/ask/1")
	greeting = "parley frames 1\n"

	advertsMade = 3000
	noticesMade = 1500
)

// newHost is a bare libp2p host that discards what it receives and identifies itself.
func newHost(b *testing.B, key crypto.PrivKey) host.Host {
	b.Helper()
	h, err := golibp2p.New(golibp2p.Identity(key), golibp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"),
		golibp2p.Transport(tcp.NewTCPTransport), golibp2p.Security(noise.ID, noise.New), golibp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		golibp2p.DisableRelay(), golibp2p.DisableMetrics(), golibp2p.DisableIdentifyAddressDiscovery(),
		golibp2p.ResourceManager(&network.NullResourceManager{}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = h.Close() }) // the benchmark has ended
	swallow := func(s network.Stream) { _, _ = io.Copy(io.Discard, s) }
	for _, id := range []protocol.ID{askID, pubsub.GossipSubID_v12} {
		h.SetStreamHandler(id, swallow)
	}
	h.SetStreamHandler(framesID, func(s network.Stream) {
		_, _ = io.WriteString(s, greeting)
		swallow(s)
	})
	return h
}

// newHeckler makes a heckler with all its junk, with frames for one agent.
func newHeckler(b *testing.B, cfg config.Config, agent lcc.PeerID) *heckler {
	b.Helper()
	key, err := libp2p.LoadOrCreateKey(cfg.Key)
	if err != nil {
		b.Fatal(err)
	}
	h := &heckler{host: newHost(b, key), key: key, streams: map[protocol.ID]network.Stream{}}
	h.id = lcc.PeerID(h.host.ID().String())
	topic := "parley/adverts/" + cfg.Group + "/1"
	for i := range advertsMade {
		data := []byte("junk")
		if i%2 == 1 {
			// A valid advert that is useless: it offers no role.
			if data, err = peer.EncodeAdvert(peer.Advert{Peer: h.id, Incarnation: 1, Seq: uint64(i)}); err != nil {
				b.Fatal(err)
			}
		}
		h.adverts = append(h.adverts, h.rpc(b, topic, uint64(i), data))
	}
	for i := range noticesMade {
		h.notices = append(h.notices, h.rpc(b, "parley/notices/1", uint64(advertsMade+i), []byte("\x00junk")))
	}
	h.makeFrames(b, agent)
	return h
}

// rpc is a gossip RPC with one signed message.
func (h *heckler) rpc(b *testing.B, topic string, seqno uint64, data []byte) []byte {
	b.Helper()
	seqno += uint64(time.Now().UnixNano())
	m := &pb.Message{From: []byte(h.host.ID()), Data: data, Topic: proto.String(topic), Seqno: binary.BigEndian.AppendUint64(nil, seqno)}
	text, err := proto.Marshal(m)
	if err != nil {
		b.Fatal(err)
	}
	if m.Signature, err = h.key.Sign(append([]byte(pubsub.SignPrefix), text...)); err != nil {
		b.Fatal(err)
	}
	return delimited(b, &pb.RPC{Publish: []*pb.Message{m}})
}

func delimited(b *testing.B, rpc *pb.RPC) []byte {
	b.Helper()
	data, err := proto.Marshal(rpc)
	if err != nil {
		b.Fatal(err)
	}
	return append(binary.AppendUvarint(nil, uint64(len(data))), data...)
}

func (h *heckler) makeFrames(b *testing.B, to lcc.PeerID) {
	b.Helper()
	message := func(from, to lcc.PeerID, seq uint64) *lcc.Message {
		return &lcc.Message{
			ID: lcc.MessageID{Peer: from, Agent: 1, Seq: seq}, Conversation: "c", Body: lcc.Atom("junk"),
			From: lcc.Party{Peer: from, Agent: 1, Role: lcc.Atom("x")}, To: lcc.Party{Peer: to, Role: lcc.Atom("y")},
		}
	}
	for _, f := range []peer.Frame{
		{Incarnation: 1, Message: message(h.id, to, 1)},                                          // a replay when it is sent again
		{Incarnation: 1, Message: message(h.id, h.id, 2)},                                        // for another peer
		{Incarnation: 1, Message: message("somebody", to, 3)},                                    // of another peer
		{Incarnation: 1, Host: &peer.Host{Payload: []byte("junk")}},                              // not a payload of a ledger
		{Incarnation: 1, Receipt: &peer.Receipt{Message: lcc.MessageID{Peer: to, Agent: 1}}},     // for no message
		{Incarnation: 1, Host: &peer.Host{Payload: []byte("\xa2\x01\x64here\x02\x61d\x0a\x60")}}, // about no deal
	} {
		data, err := peer.EncodeFrame(f)
		if err != nil {
			b.Fatal(err)
		}
		h.frames = append(h.frames, append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...))
	}
	h.frames = append(h.frames, []byte("\x00\x00\x00\x04junk"))
}

// round is the repeated sequence of one heckler, with the number of each kind in 20.
var round = []func(h *heckler, ctx context.Context) error{
	(*heckler).advert, (*heckler).frame, (*heckler).notice, (*heckler).frame, (*heckler).advert,
	(*heckler).frame, (*heckler).ask, (*heckler).frame, (*heckler).advert, (*heckler).frame,
	(*heckler).advert, (*heckler).frame, (*heckler).notice, (*heckler).frame, (*heckler).advert,
	(*heckler).open, (*heckler).advert, (*heckler).frame, (*heckler).notice, (*heckler).ask,
}

// heckle sends junk at a rate until the context ends.
func (h *heckler) heckle(ctx context.Context, perSecond float64) {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	began := time.Now()
	for done := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for ; float64(done) < time.Since(began).Seconds()*perSecond; done++ {
			h.once(ctx)
		}
	}
}

// once sends the next piece of junk. After a cut-off it tries again a moment later.
func (h *heckler) once(ctx context.Context) {
	h.next++
	if time.Now().Before(h.rests) {
		h.failed.Add(1)
		return
	}
	bounded, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := h.host.Connect(bounded, h.target)
	if err == nil {
		err = round[h.next%len(round)](h, bounded)
	}
	if err == nil {
		h.sent.Add(1)
		return
	}
	h.failed.Add(1)
	if h.host.Network().Connectedness(h.target.ID) != network.Connected {
		h.rests = time.Now().Add(100 * time.Millisecond)
		clear(h.streams)
	}
}

// write writes to a kept stream, and opens it if necessary.
func (h *heckler) write(ctx context.Context, id protocol.ID, first string, data []byte) error {
	s := h.streams[id]
	if s == nil {
		var err error
		if s, err = h.host.NewStream(ctx, h.target.ID, id); err != nil {
			return err
		}
		go func() { _, _ = io.Copy(io.Discard, s) }() // ends with the stream
		if _, err := io.WriteString(s, first); err != nil {
			return err
		}
		h.streams[id] = s
	}
	// An agent that does not read blocks the writer: that is not counted as sent.
	if err := s.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := s.Write(data); err != nil {
		_ = s.Reset()
		delete(h.streams, id)
		return err
	}
	return nil
}

func (h *heckler) advert(ctx context.Context) error {
	return h.write(ctx, pubsub.GossipSubID_v12, "", h.adverts[h.next%len(h.adverts)])
}

func (h *heckler) notice(ctx context.Context) error {
	return h.write(ctx, pubsub.GossipSubID_v12, "", h.notices[h.next%len(h.notices)])
}

func (h *heckler) frame(ctx context.Context) error {
	return h.write(ctx, framesID, greeting, h.frames[h.next/2%len(h.frames)])
}

// ask sends a request that cannot be answered, and does not wait.
func (h *heckler) ask(ctx context.Context) error {
	s, err := h.host.NewStream(ctx, h.target.ID, askID)
	if err != nil {
		return err
	}
	_, err = s.Write([]byte("\x00\x00\x00\x04junk"))
	go func() { // ends with the answer, the stream or the connection
		_, _ = io.Copy(io.Discard, s)
		_ = s.Close()
	}()
	return err
}

// open opens a stream and abandons it.
func (h *heckler) open(ctx context.Context) error {
	s, err := h.host.NewStream(ctx, h.target.ID, framesID)
	if err != nil {
		return err
	}
	_, err = io.WriteString(s, greeting[:3])
	_ = s.Reset()
	return err
}

// connects is another attack: it connects and disconnects repeatedly.
func (h *heckler) connects(ctx context.Context, perSecond float64) {
	ticker := time.NewTicker(time.Duration(float64(time.Second) / perSecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		bounded, cancel := context.WithTimeout(ctx, 5*time.Second)
		if err := h.host.Connect(bounded, h.target); err != nil {
			h.failed.Add(1)
		} else {
			h.sent.Add(1)
		}
		cancel()
		_ = h.host.Network().ClosePeer(h.target.ID) // it comes again
	}
}

// at sets the target of a heckler.
func (h *heckler) at(b *testing.B, id p2p.ID, addresses []string) {
	b.Helper()
	h.target = p2p.AddrInfo{ID: id}
	for _, text := range addresses {
		address, err := ma.NewMultiaddr(text)
		if err != nil {
			b.Fatal(fmt.Errorf("%s: %w", text, err))
		}
		h.target.Addrs = append(h.target.Addrs, address)
	}
	clear(h.streams)
}
