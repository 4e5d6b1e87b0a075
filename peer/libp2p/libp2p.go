package libp2p

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"

	"parley/lcc"
	"parley/peer"
)

// Host is a peer's access to the network. It is safe for concurrent use.
type Host struct {
	o    Options
	self p2p.ID
	host host.Host

	roster   directory
	changing sync.Mutex // held by one SetRoster at a time

	limits    *limits
	gater     *gater
	meters    *meters
	conduct   *conduct
	book      *book
	announcer *announcer
	gossip    *gossip
	janitor   *janitor
	asked     atomic.Int64 // questions in progress
	inbound   inbound
	carried   carried
	signer    *signer
	rivals    *rivals
	twin      *twin
	dials     chan struct{} // one for each dial in progress

	links *links

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
}

// Options configure a host. Zero durations and numbers mean their defaults.
type Options struct {
	Key         crypto.PrivKey
	Incarnation uint64    // as in peer.Options
	Listen      []string  // multiaddrs; TCP is always used, QUIC when one of them has /quic-v1
	Peers       []Address // with Group, the initial roster; see SetRoster
	Group       string    // peers of one group receive each other's adverts
	MDNS        bool      // discover addresses of listed peers on the local network

	LinksMax  int           // hosts with a standing link; default 32, at least 8
	IdleAfter time.Duration // a connection on demand closes after that long without frames; default 5 min
	BanFor    time.Duration // length of a ban; default 10 min
	// FramesPerSecond limits the frames read from one peer, with a burst of twice as
	// many; further frames wait. Default 2,000.
	FramesPerSecond int

	// Events receives Arrived, SendFailed, Heard, Greeted and Link. It is called from
	// several goroutines, and from Send. For Arrived and Heard it may block, which
	// throttles the network.
	Events func(peer.Event)
	// Notice judges a notice that a listed peer signed. It is called from several
	// goroutines and should take milliseconds. nil: all are ignored.
	Notice func(from lcc.PeerID, data []byte) Verdict
	// Answer answers a question of a listed peer with at most AnswerBytes. It is called
	// from several goroutines. nil: no questions are taken.
	Answer func(from lcc.PeerID, request []byte) ([]byte, error)
	// Look answers a listed peer that looks at this host, with at most AnswerBytes. It is
	// called from several goroutines. nil: nobody may look.
	Look func(from lcc.PeerID, question []byte) ([]byte, error)
	// Carry serves a stream that a listed peer has opened for a guest that is carried,
	// and returns once it is done with it. It is called from several goroutines. nil: no
	// guests come so.
	Carry func(from lcc.PeerID, stream *Stream)
	// Learned receives the sealed addresses that a listed peer announced, to be passed
	// again as Known at the next start. It may be nil.
	Learned func(id lcc.PeerID, envelope []byte)
	Known   [][]byte

	Logger *slog.Logger // nil: none

	// quicOnly leaves TCP out, and quic adds options to QUIC; tests use a simulated network.
	quicOnly bool
	quic     []quicreuse.Option
}

func (o Options) withDefaults() (Options, error) {
	if o.Key == nil || o.Events == nil {
		return o, errors.New("libp2p: Options.Key and Options.Events are needed")
	}
	if o.LinksMax == 0 {
		o.LinksMax = 32
	}
	if o.LinksMax < linksMin {
		return o, fmt.Errorf("libp2p: Options.LinksMax is %d: give at least %d, or the network may split", o.LinksMax, linksMin)
	}
	if o.IdleAfter < 0 || o.BanFor < 0 || o.FramesPerSecond < 0 {
		return o, errors.New("libp2p: Options.IdleAfter, BanFor and FramesPerSecond must be positive")
	}
	if o.FramesPerSecond == 0 {
		o.FramesPerSecond = 2000
	}
	if o.IdleAfter == 0 {
		o.IdleAfter = 5 * time.Minute
	}
	if o.BanFor == 0 {
		o.BanFor = 10 * time.Minute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return o, nil
}

// New opens the network. Close closes it.
func New(o Options) (*Host, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	quiet()
	h, err := assemble(o)
	if err != nil {
		return nil, err
	}
	first, err := Roster{Hosts: o.Peers, Group: o.Group}.read(h.self, h.o.LinksMax)
	if err != nil {
		return nil, err
	}
	h.roster.Store(first)
	h.limits.hosts.Store(int64(len(first.hosts)))
	for _, envelope := range o.Known {
		h.book.recall(envelope, o.Logger)
	}
	if h.host, err = open(h); err != nil {
		h.stop()
		return nil, err
	}
	if err := h.start(); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// assemble creates the parts that need no network.
func assemble(o Options) (*Host, error) {
	self, err := p2p.IDFromPrivateKey(o.Key)
	if err != nil {
		return nil, fmt.Errorf("libp2p: peer id of the key: %w", err)
	}
	h := &Host{
		o: o, self: self, limits: &limits{}, signer: &signer{key: o.Key}, rivals: newRivals(), twin: newTwin(o.Logger),
		conduct: newConduct(o.Logger, o.BanFor), book: newBook(),
		inbound: inbound{open: map[p2p.ID][]network.Stream{}}, carried: carried{each: map[p2p.ID]int{}},
		dials: make(chan struct{}, dialsMax),
	}
	h.links = newLinks(&h.running, h.openLink)
	h.ctx, h.stop = context.WithCancel(context.Background())
	h.meters = newMeters(h.limits, o.FramesPerSecond)
	h.gater = newGater(h)
	h.janitor = newJanitor(h)
	h.announcer = newAnnouncer(h)
	return h, nil
}

// start sets the handlers, listens, and starts the goroutines, in this order: a peer
// that connects before the handlers are set would learn of the protocols only from a
// push of identify, which it may drop.
func (h *Host) start() (err error) {
	for _, id := range protocols {
		h.host.SetStreamHandler(id, h.serve)
	}
	h.host.SetStreamHandler(lifeID, h.serveLife)
	if h.o.Answer != nil {
		h.host.SetStreamHandler(askID, inquiry{h, askID, h.o.Answer}.serve)
	}
	if h.o.Look != nil {
		h.host.SetStreamHandler(lookID, inquiry{h, lookID, h.o.Look}.serve)
	}
	if h.o.Carry != nil {
		h.host.SetStreamHandler(moveID, func(stream network.Stream) { h.carried.serve(h, stream) })
	}
	if h.gossip, err = newGossip(h); err != nil {
		return err
	}
	h.host.Network().Notify(&network.NotifyBundle{
		ConnectedF: h.connected, DisconnectedF: func(_ network.Network, c network.Conn) { h.rivals.ended(c) },
	})
	if err := h.listen(); err != nil {
		return err
	}
	if err := h.announcer.start(); err != nil {
		return err
	}
	h.running.Go(func() { h.janitor.work(h.ctx) })
	h.links.relink(h.roster.Load())
	if h.o.MDNS {
		return h.discover(h.ctx)
	}
	return nil
}

// ID returns the peer's id.
func (h *Host) ID() lcc.PeerID { return nameOf(h.self) }

// Connected says whether there is a connection to a listed peer.
func (h *Host) Connected(id lcc.PeerID) bool {
	decoded, err := h.resolve(id)
	return err == nil && h.hasConn(decoded)
}

// Addrs returns the listen addresses as multiaddrs.
func (h *Host) Addrs() []string {
	var list []string
	for _, a := range h.host.Addrs() {
		list = append(list, a.String())
	}
	return list
}

// AddAddrs adds addresses of a listed peer. They are kept as long as it is listed.
func (h *Host) AddAddrs(id lcc.PeerID, texts []string) error {
	decoded, ok := h.roster.Load().names[id]
	if !ok {
		return fmt.Errorf("peers: %q is not a listed peer", id)
	}
	addresses, err := multiaddrs(texts)
	if err != nil {
		return err
	}
	h.book.add(decoded, addresses)
	h.links.tryNow(decoded)
	return nil
}

// Publish sends the peer's advert to its group.
func (h *Host) Publish(advert peer.Advert) {
	if err := h.gossip.publish(advert); err != nil {
		h.o.Logger.Warn("an advert was not published", "event", "advert_not_published", "error", err)
	}
}

// Counts are what happened since the start; they never fall.
type Counts struct {
	Refused    uint64  // connections of peers that are not listed
	Misconduct []Count // by kind, also of peers that have left the roster
}

// Counts returns what happened since the start.
func (h *Host) Counts() Counts { return Counts{h.gater.refused(), h.conduct.totals()} }

// Close closes all connections and waits for every goroutine of the host.
func (h *Host) Close() error {
	h.links.close()
	h.stop()
	err := h.host.Close()
	h.running.Wait()
	return err
}
