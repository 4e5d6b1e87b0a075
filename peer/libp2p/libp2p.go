package libp2p

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	noise "github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"

	"parley/lcc"
	"parley/peer"
)

// Host is a peer's end of the network. Its methods may be called from any
// goroutine.
type Host struct {
	o       Options
	host    host.Host
	gater   *gater
	links   map[p2p.ID]*link // one for each listed peer; never changed
	gossip  *gossip
	inbound inbound
	signer  *signer

	stop    context.CancelFunc
	running sync.WaitGroup
}

// Options say who a host is and whom it knows.
type Options struct {
	Key    crypto.PrivKey
	Life   uint64   // as in peer.Options
	Listen []string // multiaddrs
	Peers  []Address
	Group  string // peers of one group hear each other's adverts
	MDNS   bool   // learn addresses of listed peers from the local network
	// Events is told what happens: Arrived, SendFailed, Heard and Link. It is
	// called from several goroutines, and from Send; what it does for
	// Arrived and Heard may wait, which holds back the network.
	Events func(peer.Event)
	Logger *slog.Logger // nil: none
}

// Address is a listed peer and where it may be found.
type Address struct {
	ID         lcc.PeerID
	Multiaddrs []string
}

// New opens the network. Close ends it.
func New(o Options) (*Host, error) {
	if o.Key == nil || o.Events == nil {
		return nil, errors.New("libp2p: Options.Key and Options.Events are needed")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	self, err := p2p.IDFromPrivateKey(o.Key)
	if err != nil {
		return nil, fmt.Errorf("libp2p: peer id of the key: %w", err)
	}
	h := &Host{o: o, links: map[p2p.ID]*link{}, signer: &signer{key: o.Key}}
	h.gater = &gater{listed: map[p2p.ID]bool{}, log: o.Logger, warned: map[p2p.ID]time.Time{}}
	infos, err := h.list(self)
	if err != nil {
		return nil, err
	}
	limits, err := resources(len(infos))
	if err != nil {
		return nil, err
	}
	h.host, err = libp2p.New(
		libp2p.Identity(o.Key),
		libp2p.ListenAddrStrings(o.Listen...),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.ConnectionGater(h.gater),
		libp2p.ResourceManager(limits),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
		libp2p.DisableIdentifyAddressDiscovery(),
		libp2p.ForceReachabilityPublic(), // no AutoNAT
		libp2p.Ping(false),
		libp2p.UserAgent("parley"),
		libp2p.WithDialTimeout(dialWithin),
	)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("libp2p: listen on %v (is the port taken, or the address not of this host?): %w", o.Listen, err), limits.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.stop = cancel
	for id, addresses := range infos {
		h.host.Peerstore().AddAddrs(id, addresses, peerstore.PermanentAddrTTL)
	}
	h.inbound.open = map[p2p.ID][]network.Stream{}
	h.host.SetStreamHandler(protocolID, h.serve)
	if h.gossip, err = newGossip(ctx, h); err != nil {
		cancel()
		return nil, errors.Join(err, h.host.Close())
	}
	h.running.Go(func() { h.gossip.read(ctx) })
	for _, l := range h.links {
		h.running.Go(func() { l.keep(ctx) })
	}
	if o.MDNS {
		if err := h.discover(ctx); err != nil {
			return nil, errors.Join(err, h.Close())
		}
	}
	return h, nil
}

// list reads the listed peers; oneself may stand among them and is left out.
func (h *Host) list(self p2p.ID) (map[p2p.ID][]ma.Multiaddr, error) {
	infos := map[p2p.ID][]ma.Multiaddr{}
	for _, a := range h.o.Peers {
		id, err := p2p.Decode(string(a.ID))
		if err != nil {
			return nil, fmt.Errorf("peers: %q is not a peer id (`parley agent --print-id` on that host prints it): %w", a.ID, err)
		}
		if id == self {
			continue
		}
		addresses, err := multiaddrs(a.Multiaddrs)
		if err != nil {
			return nil, err
		}
		infos[id] = append(infos[id], addresses...)
		h.gater.listed[id] = true
		h.links[id] = newLink(h, id)
	}
	return infos, nil
}

func multiaddrs(texts []string) (list []ma.Multiaddr, err error) {
	for _, text := range texts {
		address, err := ma.NewMultiaddr(text)
		if err != nil {
			return nil, fmt.Errorf("peers: %q is not an address such as /ip4/10.0.0.2/tcp/4200: %w", text, err)
		}
		list = append(list, address)
	}
	return list, nil
}

// resources sets libp2p's limits from the number of listed peers: its defaults
// are made for a public network and refuse what a site of some size needs.
func resources(peers int) (network.ResourceManager, error) {
	connections := rcmgr.LimitVal(4*peers + 32)
	streams := rcmgr.LimitVal(32*peers + 128)
	whole := rcmgr.ResourceLimits{
		Streams: streams, StreamsInbound: streams, StreamsOutbound: streams,
		Conns: connections, ConnsInbound: connections, ConnsOutbound: connections,
		FD: connections, Memory: rcmgr.LimitVal64(256<<20 + 4<<20*peers),
	}
	one := rcmgr.ResourceLimits{
		Streams: 64, StreamsInbound: 32, StreamsOutbound: 32,
		Conns: 8, ConnsInbound: 4, ConnsOutbound: 4, FD: 8, Memory: 16 << 20,
	}
	limits := rcmgr.PartialLimitConfig{
		System: whole, Transient: whole,
		ServiceDefault: whole, ServicePeerDefault: one,
		ProtocolDefault: whole, ProtocolPeerDefault: one,
		PeerDefault: one,
	}.Build(rcmgr.DefaultLimits.AutoScale())
	manager, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(limits))
	if err != nil {
		return nil, fmt.Errorf("libp2p: resource limits: %w", err)
	}
	return manager, nil
}

// ID returns the peer's id.
func (h *Host) ID() lcc.PeerID { return lcc.PeerID(h.host.ID().String()) }

// Addrs returns where the host listens, as multiaddrs.
func (h *Host) Addrs() []string {
	var list []string
	for _, a := range h.host.Addrs() {
		list = append(list, a.String())
	}
	return list
}

// AddAddrs adds addresses of a listed peer.
func (h *Host) AddAddrs(id lcc.PeerID, texts []string) error {
	decoded, err := p2p.Decode(string(id))
	if err != nil || h.links[decoded] == nil {
		return fmt.Errorf("peers: %q is not a listed peer", id)
	}
	addresses, err := multiaddrs(texts)
	if err != nil {
		return err
	}
	h.host.Peerstore().AddAddrs(decoded, addresses, peerstore.PermanentAddrTTL)
	h.links[decoded].tryNow()
	return nil
}

// Send puts a frame into the queue of a peer. It never blocks; a frame that
// cannot be queued comes back through Events at once.
func (h *Host) Send(to lcc.PeerID, frame peer.Frame) {
	id, err := p2p.Decode(string(to))
	if err != nil || h.links[id] == nil {
		h.fail(to, frame, lcc.ReasonUnreachable, "the peer is not listed")
		return
	}
	h.links[id].send(frame)
}

// Publish sends the peer's advert to its group.
func (h *Host) Publish(advert peer.Advert) {
	if err := h.gossip.publish(advert); err != nil {
		h.o.Logger.Warn("an advert was not published", "error", err)
	}
}

// Refused is how many connections of peers that are not listed were refused.
func (h *Host) Refused() uint64 { return h.gater.refused() }

func (h *Host) fail(to lcc.PeerID, frame peer.Frame, code lcc.ReasonCode, detail string) {
	h.o.Events(peer.SendFailed{To: to, Frame: frame, Reason: lcc.Reason{Code: code, Detail: detail}})
}

// Close ends all connections and waits for every goroutine of the host.
func (h *Host) Close() error {
	h.stop()
	err := h.host.Close()
	h.running.Wait()
	h.inbound.running.Wait()
	return err
}
