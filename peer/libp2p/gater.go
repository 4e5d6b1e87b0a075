package libp2p

import (
	"log/slog"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"
)

// gater lets listed peers in and out, and nobody else. It may be called from
// any goroutine.
type gater struct {
	listed map[peer.ID]bool // never changed
	log    *slog.Logger

	mu     sync.Mutex
	warned map[peer.ID]time.Time
	count  uint64 // of refusals
}

const (
	warnEvery = time.Minute
	warnedMax = 1024 // strangers whose last warning is remembered
)

func (g *gater) InterceptPeerDial(id peer.ID) bool { return g.allow(id, "outgoing", "") }

func (g *gater) InterceptAddrDial(peer.ID, ma.Multiaddr) bool { return true }

// InterceptAccept lets a connection in until it has said who it is.
func (g *gater) InterceptAccept(network.ConnMultiaddrs) bool { return true }

func (g *gater) InterceptSecured(direction network.Direction, id peer.ID, addrs network.ConnMultiaddrs) bool {
	way := "incoming"
	if direction == network.DirOutbound {
		way = "outgoing"
	}
	return g.allow(id, way, addrs.RemoteMultiaddr().String())
}

func (g *gater) InterceptUpgraded(network.Conn) (bool, control.DisconnectReason) { return true, 0 }

func (g *gater) allow(id peer.ID, way, address string) bool {
	if g.listed[id] {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
	now := time.Now()
	if now.Sub(g.warned[id]) < warnEvery {
		return false
	}
	if len(g.warned) >= warnedMax {
		clear(g.warned)
	}
	g.warned[id] = now
	g.log.Warn("a peer that is not listed was refused; add it under `peers` in the configuration if it belongs to the site, or remove this host from its list if not",
		"peer", id, "direction", way, "address", address)
	return false
}

func (g *gater) refused() uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count
}
