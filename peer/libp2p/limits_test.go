package libp2p

import (
	"testing"

	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"
)

// Hundreds of agents behind one address are let in where the roster lists so
// many, and no more than it lists: libp2p's own limits would stop at eight.
func TestLimitsFollowTheRoster(t *testing.T) {
	l := &limits{}
	manager, err := l.manager()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := manager.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, c := range []struct{ hosts, from int }{{0, 0}, {400, 128}, {100, 1128}, {1000, 1128}} {
		l.hosts.Store(int64(c.hosts))
		opened := c.from
		for ; opened < 10_000; opened++ {
			scope, err := manager.OpenConnection(network.DirInbound, true, ma.StringCast("/ip4/198.51.100.7/tcp/4200"))
			if err != nil {
				break
			}
			t.Cleanup(scope.Done)
		}
		if want := max(c.from, lobbyPlaces(c.hosts)); opened != want {
			t.Errorf("%d hosts are listed: %d connections from one address, want %d", c.hosts, opened, want)
		}
	}
}

// The gater lets one address try as often as the listed hosts behind it would,
// and stops it then; others are not touched.
func TestDoors(t *testing.T) {
	h := &Host{limits: &limits{}, book: newBook()}
	h.roster.Store(&listed{})
	g := newGater(h)
	h.limits.hosts.Store(100)
	tries := 0
	for g.InterceptAccept(from("/ip4/198.51.100.7/tcp/1")) {
		if tries++; tries > 1_000_000 {
			t.Fatal("one address is never stopped")
		}
	}
	if tries < 4*100 {
		t.Errorf("one address was stopped after %d tries, want at least %d: all hosts may share it", tries, 4*100)
	}
	if !g.InterceptAccept(from("/ip4/198.51.100.8/tcp/1")) {
		t.Error("another address was stopped too")
	}
}

// from is where a connection comes from.
type from string

func (f from) LocalMultiaddr() ma.Multiaddr  { return ma.StringCast("/ip4/198.51.100.1/tcp/4200") }
func (f from) RemoteMultiaddr() ma.Multiaddr { return ma.StringCast(string(f)) }
