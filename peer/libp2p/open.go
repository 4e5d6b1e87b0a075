package libp2p

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	noise "github.com/libp2p/go-libp2p/p2p/security/noise"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
)

// open creates the libp2p host. It does not listen yet.
func open(h *Host) (host.Host, error) {
	limits, err := h.limits.manager()
	if err != nil {
		return nil, err
	}
	options := []libp2p.Option{
		libp2p.Identity(h.o.Key),
		libp2p.NoListenAddrs,
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.ConnectionGater(h.gater),
		libp2p.ResourceManager(limits),
		libp2p.ConnectionManager(connmgr.NullConnMgr{}),
		libp2p.UDPBlackHoleSuccessCounter(nil),
		libp2p.IPv6BlackHoleSuccessCounter(nil),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
		libp2p.DisableIdentifyAddressDiscovery(),
		libp2p.ForceReachabilityPublic(), // no AutoNAT
		libp2p.Ping(false),
		libp2p.UserAgent("parley"),
		libp2p.WithDialTimeout(dialWithin),
	}
	made, err := libp2p.New(append(options, transports(h.o)...)...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("libp2p: %w", err), limits.Close())
	}
	return made, nil
}

// transports are TCP, and QUIC when the host listens on it: other hosts cannot rely on
// UDP.
func transports(o Options) []libp2p.Option {
	if o.transport != nil {
		return o.transport
	}
	list := []libp2p.Option{libp2p.Transport(tcp.NewTCPTransport)}
	for _, text := range o.Listen {
		if strings.Contains(text, "/quic-v1") {
			return append(list, libp2p.Transport(quic.NewTransport))
		}
	}
	return list
}

// listen opens the addresses. It logs an address that cannot be opened, such as IPv6 on
// a host without it; it returns an error when none can be opened.
func (h *Host) listen() error {
	var failed []error
	for _, text := range h.o.Listen {
		address, err := ma.NewMultiaddr(text)
		if err != nil {
			return fmt.Errorf("libp2p: %q is not an address to listen on, such as /ip4/0.0.0.0/tcp/4200: %w", text, err)
		}
		if err := h.host.Network().Listen(address); err != nil {
			failed = append(failed, fmt.Errorf("libp2p: listen on %s (is the port taken, or the address not of this host?): %w", text, err))
		}
	}
	if len(failed) > 0 && len(failed) == len(h.o.Listen) {
		return errors.Join(failed...)
	}
	for _, err := range failed {
		h.o.Logger.Warn("this host does not listen on one of its addresses", "event", "listen_failed", "error", err)
	}
	return nil
}

// connected checks the roster again after a connection is counted, because the roster
// may have changed since the gater's check. A new connection is not idle yet.
func (h *Host) connected(_ network.Network, c network.Conn) {
	h.meters.of(c.RemotePeer()).touch(time.Now())
	if !h.allowed(c.RemotePeer()) {
		h.janitor.evict()
	}
}
