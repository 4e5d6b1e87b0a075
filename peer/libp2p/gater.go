package libp2p

import (
	"log/slog"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// gater admits connections from and to listed peers that are not banned. It is safe for
// concurrent use.
type gater struct {
	host *Host
	log  *slog.Logger

	mu     sync.Mutex
	warned map[p2p.ID]time.Time
	count  uint64             // of refusals
	doors  map[string]*bucket // by the remote address

	lobby lobby
}

const (
	warnEvery = time.Minute
	warnedMax = 1024 // strangers whose last warning is tracked
	doorsMax  = 4096 // remote addresses that are tracked
)

func newGater(h *Host) *gater {
	return &gater{host: h, log: h.o.Logger, warned: map[p2p.ID]time.Time{}, doors: map[string]*bucket{}}
}

func (g *gater) InterceptPeerDial(id p2p.ID) bool { return g.allow(id, "outgoing", "") }

func (g *gater) InterceptAddrDial(p2p.ID, ma.Multiaddr) bool { return true }

// InterceptAccept admits a connection until its peer is authenticated. One address may
// try as often as all listed hosts behind it would when they start together, and
// pending handshakes have separate places (lobby.go): strangers cannot exhaust the
// resource manager.
func (g *gater) InterceptAccept(addrs network.ConnMultiaddrs) bool {
	ip, err := manet.ToIP(addrs.RemoteMultiaddr())
	if err != nil {
		return true // a transport without addresses
	}
	if !g.takes(string(ip)) {
		return false
	}
	g.lobby.enter(addrs, g.host.knows(ip), int(g.host.limits.hosts.Load()), time.Now())
	return true
}

// takes reports whether one more connection from an address may begin.
func (g *gater) takes(ip string) bool {
	hosts := int(g.host.limits.hosts.Load())
	g.mu.Lock()
	defer g.mu.Unlock()
	door := g.doors[ip]
	if door == nil {
		if len(g.doors) >= doorsMax {
			clear(g.doors)
		}
		door = &bucket{}
		g.doors[ip] = door
	}
	return door.take(time.Now(), allowance{perSecond: float64(hosts)/2 + 8, burst: 4*hosts + 64}, 1)
}

func (g *gater) InterceptSecured(direction network.Direction, id p2p.ID, addrs network.ConnMultiaddrs) bool {
	way := "incoming"
	if direction == network.DirOutbound {
		way = "outgoing"
	} else {
		g.lobby.leave(addrs)
	}
	if !g.allow(id, way, addrs.RemoteMultiaddr().String()) {
		return false
	}
	if direction == network.DirInbound && !g.host.meters.of(id).take(connections, 1) {
		g.host.blame(id, kindFlood)
		return false
	}
	return true
}

// InterceptUpgraded checks again, because the roster may have changed meanwhile.
func (g *gater) InterceptUpgraded(c network.Conn) (bool, control.DisconnectReason) {
	return g.host.allowed(c.RemotePeer()), 0
}

func (g *gater) allow(id p2p.ID, way, address string) bool {
	if id == g.host.self && address != "" {
		g.host.twin.seen(0, "connection "+way, address) // it has proved that it has the key
		return false
	}
	if g.host.roster.member(id) != nil {
		return g.host.conduct.bannedUntil(id).IsZero()
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
	g.log.Warn("a peer that is not listed was refused; add it under `peers` in the configuration, or to the roster, if it belongs to the "+
		"site, or remove this host from its list if not", "event", "peer_not_listed",
		"peer", id, "direction", way, "address", address)
	return false
}

func (g *gater) refused() uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count
}
