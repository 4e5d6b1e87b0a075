package libp2p

import (
	"io"
	"testing"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	noise "github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"

	"parley/lcc"
	"parley/peer"
)

// carrying opens two hosts that take guests: what they get is served by the function.
func carrying(t *testing.T, serve func(from lcc.PeerID, s *Stream)) (a, b *end) {
	t.Helper()
	keyA, idA := newKey(t)
	keyB, idB := newKey(t)
	takes := func(o *Options) { o.Carry = serve }
	a = openEndWith(t, keyA, idA, takes, func(o *Options) { o.Peers = []Address{{ID: idB}} })
	b = openEndWith(t, keyB, idB, takes, func(o *Options) { o.Peers = []Address{a.address()} })
	if err := a.host.AddAddrs(idB, b.host.Addrs()); err != nil {
		t.Fatal(err)
	}
	up(t, a)
	up(t, b)
	return a, b
}

// A stream for a guest carries bytes both ways, and ends in each direction apart.
func TestMoveStream(t *testing.T) {
	a, b := carrying(t, func(from lcc.PeerID, s *Stream) {
		got, err := io.ReadAll(s)
		if err == nil {
			_, err = s.Write(append([]byte(from), got...))
		}
		if err != nil {
			t.Error(err)
		}
	})
	stream, err := DialMove(t.Context(), a.host, b.id)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if _, err := stream.Write([]byte(": a guest")); err != nil {
		t.Fatal(err)
	}
	if err := stream.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(stream)
	if want := string(a.id) + ": a guest"; err != nil || string(got) != want {
		t.Errorf("got %q and %v, want %q", got, err, want)
	}
	_, stranger := newKey(t)
	if _, err := DialMove(t.Context(), a.host, stranger); err == nil {
		t.Error("a stream to a host that is not listed: got no error")
	}
}

// One host has so many streams at a time, and gets another once one has ended.
func TestMovesBounded(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	a, b := carrying(t, func(_ lcc.PeerID, s *Stream) {
		began <- struct{}{}
		<-end
	})
	defer close(end)
	open := func() *Stream {
		s, err := DialMove(t.Context(), a.host, b.id)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		if _, err := s.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		return s
	}
	for range movesOfOne {
		open()
		<-began
	}
	if _, err := open().Read(make([]byte, 1)); err == nil || err == io.EOF {
		t.Errorf("one stream more than %d: got %v, want a reset", movesOfOne, err)
	}
	end <- struct{}{}
	eventuallyServed(t, b)
	open()
	<-began
}

// eventuallyServed waits until a host serves fewer streams than it may.
func eventuallyServed(t *testing.T, e *end) {
	t.Helper()
	eventually(t, "a stream to end", func() bool {
		e.host.carried.mu.Lock()
		defer e.host.carried.mu.Unlock()
		return e.host.carried.all < movesOfOne
	})
}

// Frames come through while a guest is carried as fast as it goes, and a host that is
// closed ends its streams.
func TestMoveBesideFrames(t *testing.T) {
	a, b := carrying(t, func(_ lcc.PeerID, s *Stream) { _, _ = io.Copy(io.Discard, s) })
	stream, err := DialMove(t.Context(), a.host, b.id)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		data := make([]byte, 64<<10)
		for {
			if _, err := stream.Write(data); err != nil {
				ended <- err
				return
			}
		}
	}()
	for range 100 {
		a.host.Send(b.id, peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("hello")}})
		await(t, b, "a frame", func(ev peer.Arrived) bool { return true })
	}
	if err := b.host.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("a stream whose other host is closed: got no error")
	}
}

// A host of 0.4.0 knows Noise only, and is understood.
func TestNoiseIsUnderstood(t *testing.T) {
	keyA, idA := newKey(t)
	keyB, idB := newKey(t)
	old, err := libp2p.New(
		libp2p.Identity(keyB), libp2p.NoListenAddrs, libp2p.Transport(tcp.NewTCPTransport), libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport), libp2p.DisableRelay(), libp2p.DisableMetrics(),
		libp2p.ResourceManager(&network.NullResourceManager{}),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	a := openEnd(t, keyA, idA, Address{ID: idB})
	if err := old.Connect(t.Context(), p2p.AddrInfo{ID: a.host.self, Addrs: a.host.host.Addrs()}); err != nil {
		t.Fatal(err)
	}
	if got := old.Network().ConnsToPeer(a.host.self)[0].ConnState().Security; got != noise.ID {
		t.Errorf("got the security %q, want %q", got, noise.ID)
	}
	c, d := pair(t)
	if got := c.host.host.Network().ConnsToPeer(d.host.self)[0].ConnState().Security; got != "/tls/1.0.0" {
		t.Errorf("two hosts of this version: got the security %q, want TLS 1.3", got)
	}
}
