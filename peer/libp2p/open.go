package libp2p

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/sec"
	basichost "github.com/libp2p/go-libp2p/p2p/host/basic"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	noise "github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	quicgo "github.com/quic-go/quic-go"
)

// openHost is a libp2p host made of its parts: libp2p's own constructor links WebRTC,
// relays and an injection framework, none of which is wanted here.
type openHost struct {
	*basichost.BasicHost
	quic *quicreuse.ConnManager // nil: it does not speak QUIC
	once sync.Once
}

// Close closes the host before what its connections run on.
func (h *openHost) Close() (err error) {
	h.once.Do(func() {
		if err = h.BasicHost.Close(); h.quic != nil {
			err = errors.Join(err, h.quic.Close())
		}
	})
	return err
}

// open creates the libp2p host. It does not listen yet. Without AutoNAT, relays, hole
// punching and ping, which basichost leaves out unless it is told.
func open(h *Host) (_ host.Host, err error) {
	limits, err := h.limits.manager()
	if err != nil {
		return nil, err
	}
	var opened []func() error
	defer func() {
		if err != nil {
			err = fmt.Errorf("libp2p: %w", err)
			for _, end := range slices.Backward(opened) {
				err = errors.Join(err, end())
			}
		}
	}()
	opened = append(opened, limits.Close)
	key := h.o.Key
	id, err := p2p.IDFromPrivateKey(key)
	if err != nil {
		return nil, err
	}
	book, err := pstoremem.NewPeerstore()
	if err != nil {
		return nil, err
	}
	opened = append(opened, book.Close)
	if err := errors.Join(book.AddPrivKey(id, key), book.AddPubKey(id, key.GetPublic())); err != nil {
		return nil, err
	}
	bus := eventbus.NewBus()
	switched, err := swarm.NewSwarm(id, book, bus,
		swarm.WithUDPBlackHoleSuccessCounter(nil), swarm.WithIPv6BlackHoleSuccessCounter(nil),
		swarm.WithConnectionGater(h.gater), swarm.WithResourceManager(limits), swarm.WithDialTimeout(dialWithin))
	if err != nil {
		return nil, err
	}
	opened = append(opened, switched.Close)
	made := &openHost{}
	if !h.o.quicOnly {
		if err := addTCP(switched, key, h.gater, limits); err != nil {
			return nil, err
		}
	}
	if h.o.quicOnly || speaksQUIC(h.o.Listen) {
		if made.quic, err = addQUIC(switched, key, h.gater, limits, h.o.quic); err != nil {
			return nil, err
		}
		opened = append(opened, made.quic.Close)
	}
	made.BasicHost, err = basichost.NewHost(switched, &basichost.HostOpts{
		EventBus: bus, ConnManager: connmgr.NullConnMgr{}, UserAgent: "parley",
	})
	if err != nil {
		return nil, err
	}
	made.Start()
	return made, nil
}

// addTCP makes a network speak TCP, with TLS 1.3 and yamux. Hosts of 0.4.0 know only Noise,
// which takes 1.6 times as much processor time for what is sent. Ports are not shared
// (SO_REUSEPORT, libp2p's standard): a second agent with the same port would get part of
// the connections of the first, and neither would be told.
func addTCP(to *swarm.Swarm, key crypto.PrivKey, gater connmgr.ConnectionGater, limits network.ResourceManager) error {
	muxers := []upgrader.StreamMuxer{{ID: yamux.ID, Muxer: yamux.DefaultTransport}}
	second, err := noise.New(noise.ID, key, muxers)
	if err != nil {
		return err
	}
	first, err := libp2ptls.New(libp2ptls.ID, key, muxers)
	if err != nil {
		return err
	}
	upgrade, err := upgrader.New([]sec.SecureTransport{first, second}, muxers, nil, limits, gater)
	if err != nil {
		return err
	}
	transport, err := tcp.NewTCPTransport(upgrade, limits, nil, tcp.DisableReuseport())
	if err != nil {
		return err
	}
	return to.AddTransport(transport)
}

// speaksQUIC reports whether a host listens on QUIC. One that does not cannot rely on UDP
// either way.
func speaksQUIC(listen []string) bool {
	return slices.ContainsFunc(listen, func(text string) bool { return strings.Contains(text, "/quic-v1") })
}

// addQUIC makes a network speak QUIC. Its keys for resets and tokens come from the host's
// own, as libp2p's constructor derives them, so that a restart does not change them.
func addQUIC(
	to *swarm.Swarm, key crypto.PrivKey, gater connmgr.ConnectionGater, limits network.ResourceManager, more []quicreuse.Option,
) (*quicreuse.ConnManager, error) {
	secret, err := key.Raw()
	if err != nil {
		return nil, err
	}
	var reset quicgo.StatelessResetKey
	var token quicgo.TokenGeneratorKey
	for _, k := range []struct {
		into []byte
		info string
	}{{reset[:], "libp2p quic stateless reset key"}, {token[:], "libp2p quic token generator key"}} {
		derived, err := hkdf.Key(sha256.New, secret, nil, k.info, len(k.into))
		if err != nil {
			return nil, err
		}
		copy(k.into, derived)
	}
	options := []quicreuse.Option{
		quicreuse.ConnContext(func(ctx context.Context, client *quicgo.ClientInfo) (context.Context, error) {
			return countConnection(ctx, client, limits)
		}),
		quicreuse.VerifySourceAddress(limits.VerifySourceAddress),
	}
	reuse, err := quicreuse.NewConnManager(reset, token, append(options, more...)...)
	if err != nil {
		return nil, err
	}
	transport, err := quic.NewTransport(key, reuse, nil, gater, limits)
	if err == nil {
		err = to.AddTransport(transport)
	}
	if err != nil {
		return nil, errors.Join(err, reuse.Close())
	}
	return reuse, nil
}

// countConnection counts a QUIC connection before its handshake.
func countConnection(ctx context.Context, client *quicgo.ClientInfo, limits network.ResourceManager) (context.Context, error) {
	address, err := quicreuse.ToQuicMultiaddr(client.RemoteAddr, quicgo.Version1)
	if err != nil {
		address = nil // the limits decide what becomes of it
	}
	scope, err := limits.OpenConnection(network.DirInbound, false, address)
	if err != nil {
		return ctx, err
	}
	ctx = network.WithConnManagementScope(ctx, scope)
	context.AfterFunc(ctx, scope.Done)
	return ctx, nil
}

// listen opens the addresses. It returns an error for a port that another process has, and
// when no address can be opened; it logs another address that cannot be opened, such as
// IPv6 on a host without it.
func (h *Host) listen() error {
	var failed []error
	for _, text := range h.o.Listen {
		address, err := ma.NewMultiaddr(text)
		if err != nil {
			return fmt.Errorf("libp2p: %q is not an address to listen on, such as /ip4/0.0.0.0/tcp/4200: %w", text, err)
		}
		err = listenOn(h.host.Network(), address)
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("libp2p: port %s is taken: another process listens there; end it, or give another port than that of %s as "+
				"`listen` (`ss -lnp 'sport = :%[1]s'`, as root, shows the process)", portOf(address), text)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("libp2p: listen on %s (is the address one of this host?): %w", text, err))
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

// listenOn opens one address. The error of a swarm wraps that of the system; the one of
// the interface does not.
func listenOn(n network.Network, address ma.Multiaddr) error {
	if s, ok := n.(*swarm.Swarm); ok {
		return s.AddListenAddr(address)
	}
	return n.Listen(address)
}

// portOf returns the port of an address, "" if it has none.
func portOf(address ma.Multiaddr) string {
	for _, code := range []int{ma.P_TCP, ma.P_UDP} {
		if port, err := address.ValueForProtocol(code); err == nil {
			return port
		}
	}
	return ""
}

// connected checks the roster again after a connection is counted, because the roster
// may have changed since the gater's check. A new connection is not idle yet.
func (h *Host) connected(_ network.Network, c network.Conn) {
	h.meters.of(c.RemotePeer()).touch(time.Now())
	if !h.allowed(c.RemotePeer()) {
		h.janitor.evict()
	}
}
