package libp2p

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/event"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// announcer tells all hosts where this one is, sealed by it, when that changed
// and is not what the roster says. What nobody is there to hear is told when
// somebody is.
type announcer struct {
	host *Host
	wake chan struct{} // holds one wish to look again

	mu   sync.Mutex
	said []ma.Multiaddr // that others heard
}

// gather is how long the announcer waits for more, once there is something to
// say: several addresses change together, and several peers come together.
const gather = time.Second

func newAnnouncer(h *Host) *announcer { return &announcer{host: h, wake: make(chan struct{}, 1)} }

// look has the addresses compared with what was said. It never blocks.
func (a *announcer) look() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

func (a *announcer) start() error {
	h := a.host
	changes, err := h.host.EventBus().Subscribe(new(event.EvtLocalAddressesUpdated))
	if err != nil {
		return fmt.Errorf("libp2p: changes of this host's addresses: %w", err)
	}
	h.running.Go(func() {
		defer changes.Close()
		for {
			select {
			case <-h.ctx.Done():
				return
			case <-changes.Out():
			case <-a.wake:
			}
			if !h.rest(gather) {
				return
			}
			a.announce()
		}
	})
	return nil
}

// announce says the present addresses where that is news and somebody listens.
func (a *announcer) announce() {
	addrs := announceable(a.host.host.Addrs())
	if len(addrs) == 0 || !a.news(addrs) || !a.host.gossip.heard() {
		return
	}
	sealed, err := record.Seal(p2p.PeerRecordFromAddrInfo(p2p.AddrInfo{ID: a.host.self, Addrs: addrs}), a.host.o.Key)
	if err == nil {
		var envelope []byte
		if envelope, err = sealed.Marshal(); err == nil {
			err = a.host.gossip.notify(noticeAddresses, envelope)
		}
	}
	if err != nil {
		a.host.o.Logger.Warn("this host's addresses were not announced", "error", err)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said = addrs
}

// news says whether others would look elsewhere for this host.
func (a *announcer) news(addrs []ma.Multiaddr) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.said != nil {
		return !within(addrs, a.said) || !within(a.said, addrs)
	}
	return !within(addrs, a.host.roster.Load().own)
}

func within(list, of []ma.Multiaddr) bool {
	return !slices.ContainsFunc(list, func(a ma.Multiaddr) bool { return !slices.ContainsFunc(of, a.Equal) })
}

// announceable are the addresses that others can use: no loopback or link-local
// ones, unless there are no others, as in a site on one machine.
func announceable(all []ma.Multiaddr) []ma.Multiaddr {
	all = slices.DeleteFunc(slices.Clone(all), notPlain)
	outside := slices.DeleteFunc(slices.Clone(all), func(a ma.Multiaddr) bool {
		return manet.IsIPLoopback(a) || manet.IsIP6LinkLocal(a)
	})
	if len(outside) == 0 {
		outside = all
	}
	slices.SortFunc(outside, func(a, b ma.Multiaddr) int { return a.Compare(b) })
	return outside[:min(len(outside), addressesMax)]
}

// learn takes in what a peer announced. The envelope's own signature counts, so
// that it can be kept and shown to others; who gossips it must be the same.
func (h *Host) learn(from p2p.ID, envelope []byte) Verdict {
	id, a, err := unseal(envelope)
	if err != nil {
		h.blame(from, kindMalformed)
		return Reject
	}
	if id != from {
		h.blame(from, kindForged)
		return Reject
	}
	if a.seq > uint64(time.Now().Add(aheadMax).UnixNano()) || !h.book.take(id, a) {
		return Ignore
	}
	if h.o.Learned != nil {
		h.o.Learned(h.nameOf(id), envelope)
	}
	h.tryNow(id)
	return Accept
}
