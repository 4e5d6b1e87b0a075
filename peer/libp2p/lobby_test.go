package libp2p

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"parley/peer"
)

// closing is a connection that says whether it was sent away.
type closing struct {
	from
	gone *bool
}

func (c closing) Close() error { *c.gone = true; return nil }

func knock(l *lobby, n int, listed bool, at time.Time) *bool {
	gone := new(bool)
	l.enter(closing{from(fmt.Sprintf("/ip4/203.0.%d.%d/tcp/%d", n%250, n%200+1, 1000+n)), gone}, listed, 4, at)
	return gone
}

// Strangers who leave their handshakes open send each other away; listed addresses keep
// their places, and a newcomer from a network of its own stays.
func TestTheLobbyKeepsPlaces(t *testing.T) {
	l := &lobby{}
	now := time.Unix(1000, 0)
	listed := knock(l, 7, true, now)
	for n := range 500 {
		knock(l, n, false, now)
	}
	newcomer := new(bool)
	l.enter(closing{"/ip4/198.51.100.9/tcp/1", newcomer}, false, 4, now)
	crowd := new(bool)
	for n := range strangerPlaces(4) {
		l.enter(closing{from(fmt.Sprintf("/ip4/192.0.2.%d/tcp/2", n+1)), crowd}, false, 4, now)
	}
	if *listed || *newcomer || !*crowd {
		t.Errorf("sent away: the listed one %v, the newcomer %v, some of one network %v; want only the last", *listed, *newcomer, *crowd)
	}
	if got := len(l.wait[ofStrangers]); got != strangerPlaces(4) {
		t.Errorf("%d strangers wait, want %d", got, strangerPlaces(4))
	}
	for n := range listedPlaces(4) {
		knock(l, 1000+n, true, now.Add(shakeWithin))
	}
	if !*listed {
		t.Error("a handshake that takes too long keeps its place though others wait for it")
	}
}

// Who has said who it is waits no longer.
func TestTheLobbyIsLeft(t *testing.T) {
	l := &lobby{}
	gone := new(bool)
	c := closing{"/ip4/198.51.100.9/tcp/1", gone}
	l.enter(c, false, 0, time.Unix(1000, 0))
	l.leave(c)
	for n := range 100 {
		knock(l, n, false, time.Unix(1000, 0))
	}
	if *gone {
		t.Error("a connection that had said who it is was sent away")
	}
}

// A host that starts anew is connected within seconds, though strangers at many addresses
// hold as many connections half open as they can.
func TestHalfOpenConnectionsKeepNobodyOut(t *testing.T) {
	keyA, idA := newKey(t)
	keyB, idB := newKey(t)
	a := openEnd(t, keyA, idA, Address{ID: idB, Multiaddrs: []string{"/ip4/127.0.0.1/tcp/1"}})
	target, err := manet.ToNetAddr(ma.StringCast(a.host.Addrs()[0]))
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 * lobbyPlaces(1) {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(1+n/200), byte(n%200), 1)}, Timeout: time.Second}
		conn, err := dialer.Dial("tcp", target.String())
		if err != nil {
			t.Skipf("not all of 127.0.0.0/8 is this machine's: %v", err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	began := time.Now()
	b := openEnd(t, keyB, idB, a.address())
	if err := a.host.AddAddrs(idB, b.host.Addrs()); err != nil {
		t.Fatal(err)
	}
	up(t, b)
	await(t, a, "the host that was started anew", func(l peer.Link) bool { return l.Peer == idB && l.Up })
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it was connected after %v, want seconds", took)
	}
}

// Incoming handshakes and this host's own dials have places apart.
func TestHandshakesKeepNoDialBack(t *testing.T) {
	l := &limits{}
	l.hosts.Store(3)
	manager, err := l.manager()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = manager.Close() })
	for range lobbyPlaces(3) + 50 {
		if scope, err := manager.OpenConnection(network.DirInbound, true, ma.StringCast("/ip4/198.51.100.7/tcp/4200")); err == nil {
			t.Cleanup(scope.Done)
		}
	}
	for range dialsMax {
		scope, err := manager.OpenConnection(network.DirOutbound, true, ma.StringCast("/ip4/198.51.100.8/tcp/4200"))
		if err != nil {
			t.Fatalf("a dial is refused while handshakes wait: %v", err)
		}
		t.Cleanup(scope.Done)
	}
}

// Of what a host announces only addresses of other machines are dialled, some at a time,
// and ever more rarely while they do not answer.
func TestAnnouncedAddressesAreBounded(t *testing.T) {
	h := &Host{book: newBook(), o: Options{Listen: []string{"/ip4/0.0.0.0/tcp/4200"}}}
	h.roster.Store(&listed{})
	a := announcement{seq: 1}
	for _, text := range []string{
		"/ip4/127.0.0.1/tcp/22", "/ip6/::1/tcp/22", "/ip4/169.254.169.254/tcp/80", "/ip6/fe80::1/tcp/1",
		"/ip4/224.0.0.1/tcp/1", "/ip4/255.255.255.255/tcp/1", "/ip4/0.0.0.0/tcp/1", "/ip6/::/tcp/1",
	} {
		a.addrs = append(a.addrs, ma.StringCast(text))
	}
	h.book.take("b", a)
	if got := h.addresses("b"); len(got) > 0 {
		t.Errorf("dialled: %v", got)
	}
	h.o.Listen = []string{"/ip4/127.0.0.1/tcp/4200"} // a site on one machine
	if got := h.addresses("b"); len(got) != 2 {
		t.Errorf("a host that listens on loopback dials %v, want the loopback ones", got)
	}
	a = announcement{seq: 2}
	for n := range addressesMax {
		a.addrs = append(a.addrs, ma.StringCast(fmt.Sprintf("/ip4/198.51.100.%d/tcp/22", n+1)))
	}
	b := newBook()
	dials, now := 0, time.Unix(1000, 0)
	for range 3600 { // a link that fails tries each second
		now = now.Add(time.Second)
		dials += len(b.paced("b", a.addrs, now))
	}
	if most := announcedAtOnce * 40; dials == 0 || dials > most {
		t.Errorf("in an hour %d dials to announced addresses, want at most %d", dials, most)
	}
	b.reached("b")
	if len(b.paced("b", a.addrs, now)) != announcedAtOnce {
		t.Error("after the peer was found its addresses are not tried at once")
	}
}
