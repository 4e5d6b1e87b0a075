package libp2p

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	noise "github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"

	"parley/lcc"
	"parley/peer"
)

// payload is the bytes that each benchmark of this file sends there and back.
const payload = 512

// BenchmarkRoundTrip is a frame there and one back over a kept stream.
func BenchmarkRoundTrip(b *testing.B) {
	ends, ids := benchPair(b)
	frame := peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: make([]byte, payload)}}
	for b.Loop() {
		ends[0].host.Send(ids[1], frame)
		awaitFrame(ends[1])
		ends[1].host.Send(ids[0], frame)
		awaitFrame(ends[0])
	}
}

// BenchmarkKeptStream is what libp2p itself takes for the same: bytes there and
// back over one stream that is kept.
func BenchmarkKeptStream(b *testing.B) {
	from, to := barePair(b)
	stream := bareStream(b, from, to)
	defer stream.Close()
	data := make([]byte, payload)
	for b.Loop() {
		exchange(b, stream, data)
	}
}

// BenchmarkStreamEach is the same with a new stream for each exchange.
func BenchmarkStreamEach(b *testing.B) {
	from, to := barePair(b)
	data := make([]byte, payload)
	for b.Loop() {
		stream := bareStream(b, from, to)
		exchange(b, stream, data)
		if err := stream.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func exchange(b *testing.B, stream network.Stream, data []byte) {
	if _, err := stream.Write(data); err != nil {
		b.Fatal(err)
	}
	if _, err := io.ReadFull(stream, data); err != nil {
		b.Fatal(err)
	}
}

func bareStream(b *testing.B, from, to host.Host) network.Stream {
	stream, err := from.NewStream(b.Context(), to.ID(), "/echo/1")
	if err != nil {
		b.Fatal(err)
	}
	return stream
}

// barePair is two hosts of libp2p, with the transport of ours, of which one
// sends back what comes.
func barePair(b *testing.B) (from, to host.Host) {
	b.Helper()
	var hosts [2]host.Host
	for i := range hosts {
		h, err := libp2p.New(
			libp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"), libp2p.Transport(tcp.NewTCPTransport),
			libp2p.Security(noise.ID, noise.New), libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
			libp2p.DisableRelay(), libp2p.DisableMetrics(),
		)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = h.Close() })
		hosts[i] = h
	}
	hosts[1].SetStreamHandler("/echo/1", func(stream network.Stream) {
		data := make([]byte, payload)
		for {
			if _, err := io.ReadFull(stream, data); err != nil {
				_ = stream.Close()
				return
			}
			if _, err := stream.Write(data); err != nil {
				return
			}
		}
	})
	if err := hosts[0].Connect(b.Context(), p2p.AddrInfo{ID: hosts[1].ID(), Addrs: hosts[1].Addrs()}); err != nil {
		b.Fatal(err)
	}
	return hosts[0], hosts[1]
}

// benchPair is two hosts of ours that have links to each other.
func benchPair(b *testing.B) (ends [2]*end, ids [2]lcc.PeerID) {
	b.Helper()
	dir := b.TempDir()
	var keys [2]crypto.PrivKey
	for i := range ends {
		var err error
		if keys[i], err = LoadOrCreateKey(filepath.Join(dir, string(rune('a'+i)))); err != nil {
			b.Fatal(err)
		}
		if ids[i], err = KeyID(keys[i]); err != nil {
			b.Fatal(err)
		}
	}
	for i := range ends {
		e := &end{id: ids[i], events: make(chan peer.Event, 64), log: &lines{}}
		host, err := New(Options{
			Key: keys[i], Incarnation: 1, Listen: []string{"/ip4/127.0.0.1/tcp/0"}, Peers: []Address{{ID: ids[1-i]}}, Group: "bench",
			Events:          func(ev peer.Event) { e.events <- ev },
			FramesPerSecond: 1 << 20, // it is the way that is measured
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := host.Close(); err != nil {
				b.Error(err)
			}
		})
		e.host = host
		ends[i] = e
	}
	for i, e := range ends {
		if err := e.host.AddAddrs(ids[1-i], ends[1-i].host.Addrs()); err != nil {
			b.Fatal(err)
		}
	}
	for _, e := range ends {
		for linked := false; !linked; {
			l, ok := (<-e.events).(peer.Link)
			linked = ok && l.Up
		}
	}
	return ends, ids
}

func awaitFrame(e *end) {
	for ev := range e.events {
		if _, ok := ev.(peer.Arrived); ok {
			return
		}
	}
}
