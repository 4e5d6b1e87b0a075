package libp2p

import (
	"slices"
	"strings"
	"testing"

	"parley/lcc"
)

// A host serves what this package speaks and nothing else: no relay, no hole
// punching, no AutoNAT, no DHT, no ping.
func TestProtocols(t *testing.T) {
	a, _ := pair(t)
	want := []string{"/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/meshsub/1.1.0", "/meshsub/1.2.0", protocolFirst, protocolID, lifeID}
	got := a.host.host.Mux().Protocols()
	slices.Sort(got)
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for i := range min(len(got), len(want)) {
		if string(got[i]) != want[i] {
			t.Errorf("got %v, want %v", got, want)
			break
		}
	}
	for _, protocol := range got {
		for _, off := range []string{"relay", "circuit", "dcutr", "holepunch", "autonat", "kad", "ping", "floodsub"} {
			if strings.Contains(string(protocol), off) {
				t.Errorf("%s is served", protocol)
			}
		}
	}
	for _, address := range a.host.Addrs() {
		if strings.Contains(address, "circuit") || strings.Contains(address, "quic") {
			t.Errorf("the host listens on %s without being told to", address)
		}
	}
}

// Questions are served where there is somebody to answer them.
func TestAskIsServedOnlyWithAnAnswer(t *testing.T) {
	key, id := newKey(t)
	e := openEndWith(t, key, id, func(o *Options) {
		o.Answer = func(lcc.PeerID, []byte) ([]byte, error) { return nil, nil }
	})
	if got := e.host.host.Mux().Protocols(); !slices.Contains(got, askID) {
		t.Errorf("got %v, want %s among them", got, askID)
	}
}

// Two hosts that listen on QUIC alone talk over it, and one that listens on both
// talks to one that knows only TCP.
func TestQUIC(t *testing.T) {
	keyA, idA := newKey(t)
	keyB, idB := newKey(t)
	keyC, idC := newKey(t)
	quic := func(o *Options) { o.Listen = []string{"/ip4/127.0.0.1/udp/0/quic-v1"} }
	both := func(o *Options) { o.Listen = append(o.Listen, "/ip4/127.0.0.1/udp/0/quic-v1") }
	a := openEndWith(t, keyA, idA, quic, func(o *Options) { o.Peers = []Address{{ID: idB}} })
	b := openEndWith(t, keyB, idB, both, func(o *Options) { o.Peers = []Address{a.address(), {ID: idC}} })
	c := openEndWith(t, keyC, idC, func(o *Options) { o.Peers = []Address{b.address()} })
	for range 2 {
		up(t, b)
	}
	up(t, c)
	up(t, a)
	carries(t, b, a, "over QUIC")
	carries(t, b, c, "over TCP")
	for _, conn := range b.host.host.Network().Conns() {
		address := conn.RemoteMultiaddr().String()
		switch conn.RemotePeer().String() {
		case string(a.id):
			if !strings.Contains(address, "quic-v1") {
				t.Errorf("the connection is to %s, want QUIC", address)
			}
		case string(c.id):
			if !strings.Contains(address, "tcp") {
				t.Errorf("the connection is to %s, want TCP", address)
			}
		}
		if conn.Stat().Limited {
			t.Error("a connection goes through a relay")
		}
	}
}

// Dozens of agents behind one address are let in, which libp2p's defaults would
// not do anywhere but on loopback; that they are there is the roster's word.
func TestManyBehindOneAddress(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(60)
		center := s.open(places[0], addressesOf(places), few)
		addresses := []Address{places[0].address()}
		for i, p := range places[1:] {
			// Another port of the same address.
			p.listen = strings.Replace(places[1].listen, "8000", "80"+string(rune('0'+i/10))+string(rune('0'+i%10)), 1)
			s.open(p, addresses, few)
		}
		eventually(t, "all to be connected", func() bool {
			n := 0
			for _, p := range places[1:] {
				if center.connectedTo(p.raw()) {
					n++
				}
			}
			return n == len(places)-1
		})
		if got := center.host.Conduct(); len(got) != 0 {
			t.Errorf("somebody is blamed: %+v", got)
		}
	})
}
