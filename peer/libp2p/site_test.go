package libp2p

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	"github.com/libp2p/go-libp2p/x/simlibp2p"
	"github.com/marcopolo/simnet"
	ma "github.com/multiformats/go-multiaddr"

	"parley/lcc"
	"parley/peer"
)

// site is hosts on a simulated network, in a bubble of their own time.
type site struct {
	t    *testing.T
	net  *simnet.Simnet
	ends []*end
	next int // the last number of the next host's address
}

// inBubble runs a test in which time passes as fast as it can.
func inBubble(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &site{t: t, next: 1, net: &simnet.Simnet{
			LatencyFunc: simnet.StaticLatency(time.Millisecond),
			Logger:      slog.New(slog.NewTextHandler(io.Discard, nil)), // of packets to hosts that are not there
		}}
		s.net.Start()
		t.Cleanup(func() {
			s.net.Close()
			synctest.Wait()
		})
		test(t, s)
	})
}

// place is a key and an address that nobody has yet.
type place struct {
	key    crypto.PrivKey
	id     lcc.PeerID
	listen string
}

func (p place) address() Address { return Address{ID: p.id, Multiaddrs: []string{p.listen}} }

func (p place) raw() p2p.ID {
	id, err := p2p.Decode(string(p.id))
	if err != nil {
		panic(err) // made by the test
	}
	return id
}

func (s *site) place() place {
	s.t.Helper()
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	id, err := KeyID(key)
	if err != nil {
		s.t.Fatal(err)
	}
	return place{key, id, s.listen()}
}

// listen is an address that nobody has yet.
func (s *site) listen() string {
	s.next++
	return fmt.Sprintf("/ip4/1.0.%d.%d/udp/8000/quic-v1", s.next/200, s.next%200+1)
}

func (s *site) places(n int) (list []place) {
	for range n {
		list = append(list, s.place())
	}
	return list
}

func addressesOf(places []place) (list []Address) {
	for _, p := range places {
		list = append(list, p.address())
	}
	return list
}

const gigabit = 1000 * simlibp2p.OneMbps

var simulatedLink = simnet.NodeBiDiLinkSettings{
	Downlink: simnet.LinkSettings{BitsPerSecond: gigabit}, Uplink: simnet.LinkSettings{BitsPerSecond: gigabit},
}

// quic puts QUIC of our hosts on the simulated network.
func (s *site) quic() []quicreuse.Option {
	var source simulatedSource
	return []quicreuse.Option{
		quicreuse.OverrideSourceIPSelector(func() (quicreuse.SourceIPSelector, error) { return &source, nil }),
		quicreuse.OverrideListenUDP(func(_ string, at *net.UDPAddr) (net.PacketConn, error) {
			source.ip.Store(&at.IP)
			return s.net.NewEndpoint(at, simulatedLink), nil
		}),
	}
}

// simulatedSource is the address from which a host of the simulated network sends.
type simulatedSource struct{ ip atomic.Pointer[net.IP] }

func (s *simulatedSource) PreferredSourceIPForDestination(*net.UDPAddr) (net.IP, error) {
	return *s.ip.Load(), nil
}

// open starts a host.
func (s *site) open(p place, listed []Address, edit ...func(*Options)) *end {
	s.t.Helper()
	e := &end{id: p.id, events: make(chan peer.Event, 1<<14), log: &lines{}}
	o := Options{
		Key: p.key, Incarnation: 1, Listen: []string{p.listen}, Peers: listed, Group: "test",
		Events: func(ev peer.Event) { e.events <- ev },
		Logger: slog.New(slog.NewTextHandler(e.log, nil)), quicOnly: true, quic: s.quic(),
	}
	for _, f := range edit {
		f(&o)
	}
	h, err := New(o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := h.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	})
	e.host = h
	s.ends = append(s.ends, e)
	return e
}

// full starts hosts that list each other, and waits until the first has a link
// to each of the others.
func (s *site) full(places []place, edit ...func(*Options)) []*end {
	s.t.Helper()
	var ends []*end
	for _, p := range places {
		ends = append(ends, s.open(p, addressesOf(places), edit...))
	}
	for range places[1:] {
		up(s.t, ends[0])
	}
	return ends
}

// hostile starts a bare libp2p host that keeps to no rule of ours.
func (s *site) hostile(p place, edit ...libp2p.Option) host.Host {
	s.t.Helper()
	options := append([]libp2p.Option{
		libp2p.Identity(p.key), libp2p.ListenAddrStrings(p.listen),
		libp2p.DisableRelay(), libp2p.DisableMetrics(), libp2p.DisableIdentifyAddressDiscovery(),
		libp2p.ResourceManager(&network.NullResourceManager{}),
	}, append([]libp2p.Option{libp2p.Transport(quic.NewTransport), simlibp2p.QUICSimnet(s.net, simulatedLink)}, edit...)...)
	h, err := libp2p.New(options...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := h.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	})
	return h
}

// dial connects a hostile host to one of ours.
func (s *site) dial(from host.Host, to place) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	return from.Connect(ctx, p2p.AddrInfo{ID: to.raw(), Addrs: []ma.Multiaddr{ma.StringCast(to.listen)}})
}

// eventually waits, in the bubble's time, for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for range 2400 { // two minutes
		if condition() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("gave up waiting for %s", what)
}

// carries sends a frame from one host to another and waits for it there.
func carries(t *testing.T, from, to *end, text string) {
	t.Helper()
	from.host.Send(to.id, peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte(text)}})
	got := await(t, to, "the frame "+text, func(ev peer.Arrived) bool { return string(ev.Frame.Host.Payload) == text })
	if got.From != from.id {
		t.Errorf("the frame came from %s, want %s", got.From, from.id)
	}
}

// conductOf is what a host counts against a peer.
func conductOf(e *end, id lcc.PeerID) (c Conduct) {
	for _, one := range e.host.Conduct() {
		if one.Peer == id {
			return one
		}
	}
	return Conduct{}
}

func (c Conduct) count(kind string) uint64 {
	for _, k := range c.Kinds {
		if k.Kind == kind {
			return k.N
		}
	}
	return 0
}

// connectedTo says whether a host has a connection to a peer.
func (e *end) connectedTo(id p2p.ID) bool {
	return e.host.host.Network().Connectedness(id) == network.Connected
}

// hears waits until one host hears an advert of another, which is told until
// then, as a peer does.
func hears(t *testing.T, to, from *end, seq *uint64) {
	t.Helper()
	for range 100 {
		*seq++
		from.host.Publish(advertOf(from.id, *seq))
		limit := time.After(time.Second)
		for waiting := true; waiting; {
			select {
			case ev := <-to.events:
				if heard, ok := ev.(peer.Heard); ok && heard.Advert.Peer == from.id {
					return
				}
			case <-limit:
				waiting = false
			}
		}
	}
	t.Fatalf("no advert of %s was heard", from.id)
}

func advertOf(id lcc.PeerID, seq uint64) peer.Advert {
	return peer.Advert{Peer: id, Incarnation: 1, Seq: seq, Plays: []peer.Play{{Roles: []lcc.Term{lcc.Atom("idle")}}}}
}
