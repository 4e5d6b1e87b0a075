package libp2p

import (
	"fmt"
	"sync/atomic"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/x/rate"
)

// limits are libp2p's resource limits. Its defaults are made for a public network: they
// refused the 253rd connection and the 65th stream. These follow the number of listed
// hosts; the resource manager reads them on each use.
//
// Other limits of libp2p, and how they are set here:
//   - connections from one address (rcmgr, 8 for each IPv4) and their rate
//     (rcmgr, one in 5 s): many agents may share an address, so both are off
//     and the gater counts instead, by the size of the roster;
//   - the connection manager, which closes connections above 192: off, the
//     roster is the bound;
//   - dials at one time (swarm: 160 that take a file descriptor, a constant):
//     a Host makes at most dialsMax itself;
//   - addresses that are believed to be unreachable by UDP or IPv6 (swarm's
//     black holes): off, a site knows its addresses;
//   - pushes of identify (one in 5 s for each /24 of the sender): they carry
//     protocols and addresses that change after a connection, so the handlers
//     are set before the host listens, and addresses are announced by gossip;
//   - GossipSub's queues (32 messages each way, 32 to validate): fixed when it
//     starts, so they are set for the largest group (gossip.go).
type limits struct {
	hosts atomic.Int64 // number of listed hosts
}

func (l *limits) manager() (network.ResourceManager, error) {
	each := []rcmgr.ConnLimitPerSubnet{{PrefixLength: 0, ConnCount: 1 << 30}}
	manager, err := rcmgr.NewResourceManager(l,
		rcmgr.WithLimitPerSubnet(each, each),
		rcmgr.WithConnRateLimiters(&rate.Limiter{}),
		rcmgr.WithMetricsDisabled(),
	)
	if err != nil {
		return nil, fmt.Errorf("libp2p: resource limits: %w", err)
	}
	return manager, nil
}

// GetSystemLimits bounds everything that the host uses.
func (l *limits) GetSystemLimits() rcmgr.Limit { return whole{l} }

// GetTransientLimits bounds what is not yet attributed to a peer, far below the total
// and separately for each direction: incoming handshakes must not block dials.
func (l *limits) GetTransientLimits() rcmgr.Limit { return handshakes{whole{l}} }

// GetAllowlistedSystemLimits is the same as for all: there is no allowlist.
func (l *limits) GetAllowlistedSystemLimits() rcmgr.Limit { return whole{l} }

// GetAllowlistedTransientLimits is the same as for all: there is no allowlist.
func (l *limits) GetAllowlistedTransientLimits() rcmgr.Limit { return handshakes{whole{l}} }

// GetServiceLimits bounds one service, such as identify.
func (l *limits) GetServiceLimits(string) rcmgr.Limit { return whole{l} }

// GetServicePeerLimits bounds one peer's use of a service.
func (l *limits) GetServicePeerLimits(string) rcmgr.Limit { return onePeer }

// GetProtocolLimits bounds one protocol.
func (l *limits) GetProtocolLimits(protocol.ID) rcmgr.Limit { return whole{l} }

// GetProtocolPeerLimits bounds one peer's use of a protocol.
func (l *limits) GetProtocolPeerLimits(protocol.ID) rcmgr.Limit { return onePeer }

// GetPeerLimits bounds one peer.
func (l *limits) GetPeerLimits(p2p.ID) rcmgr.Limit { return onePeer }

// GetStreamLimits bounds one stream.
func (l *limits) GetStreamLimits(p2p.ID) rcmgr.Limit { return onePeer }

// GetConnLimits bounds one connection.
func (l *limits) GetConnLimits() rcmgr.Limit { return onePeer }

// onePeer is enough for both sides of every protocol, doubled for when one connection
// replaces another. Its memory is the maximum size of a yamux window.
var onePeer = &rcmgr.BaseLimit{
	Streams: 64, StreamsInbound: 32, StreamsOutbound: 32,
	Conns: 8, ConnsInbound: 4, ConnsOutbound: 4, FD: 8, Memory: 16 << 20,
}

// whole bounds all peers together, by the current size of the roster.
type whole struct{ *limits }

func (w whole) size() int { return int(w.hosts.Load()) }

// GetMemoryLimit returns the limit in bytes.
func (w whole) GetMemoryLimit() int64 { return 256<<20 + int64(w.size())<<22 }

// GetStreamLimit is the same in both directions.
func (w whole) GetStreamLimit(network.Direction) int { return 32*w.size() + 128 }

// GetStreamTotalLimit counts both directions.
func (w whole) GetStreamTotalLimit() int { return 32*w.size() + 128 }

// GetConnLimit covers open connections and handshakes.
func (w whole) GetConnLimit(d network.Direction) int {
	return 4*w.size() + 32 + handshakes{w}.GetConnLimit(d)
}

// GetConnTotalLimit counts both directions.
func (w whole) GetConnTotalLimit() int {
	return w.GetConnLimit(network.DirInbound) + w.GetConnLimit(network.DirOutbound)
}

// GetFDLimit allows one file for each connection.
func (w whole) GetFDLimit() int { return w.GetConnTotalLimit() }

// handshakes bounds connections that are not yet attributed to a peer.
type handshakes struct{ whole }

// GetConnLimit is the capacity of the lobby for incoming connections, and for outgoing
// ones the concurrent dials, with some addresses of each peer.
func (h handshakes) GetConnLimit(d network.Direction) int {
	if d == network.DirInbound {
		return lobbyPlaces(h.size())
	}
	return dialsMax * addressesMax
}

// GetConnTotalLimit counts both directions.
func (h handshakes) GetConnTotalLimit() int {
	return h.GetConnLimit(network.DirInbound) + h.GetConnLimit(network.DirOutbound)
}

// GetFDLimit allows one file for each connection.
func (h handshakes) GetFDLimit() int { return h.GetConnTotalLimit() }
