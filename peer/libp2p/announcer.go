package libp2p

import (
	"fmt"
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/event"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// announcer publishes this host's addresses, in a signed envelope, when they changed
// and differ from the roster. It waits for a listener. It publishes three times,
// because gossip may be lost, and many hosts may move together.
type announcer struct {
	host *Host
	wake chan struct{} // requests a check; capacity 1

	// Owned by the announcer's goroutine:
	said  []ma.Multiaddr // last published
	seq   uint64         // of the last record
	times int            // how often they were published
	next  time.Time      // earliest time of the next repetition
	again *time.Timer    // for that
}

// gather is the delay before an announcement, because several addresses change
// together, and several peers connect together.
const gather = time.Second

// publishMax is how often the same addresses are published. The second time is toldFirst
// after the first; each later interval is six times as long.
const (
	publishMax   = 3
	publishFirst = 10 * time.Second
)

func newAnnouncer(h *Host) *announcer { return &announcer{host: h, wake: make(chan struct{}, 1)} }

// look requests a comparison of the addresses with the published ones. It never blocks.
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
	a.again = time.NewTimer(gather)
	h.running.Go(func() {
		defer changes.Close()
		defer a.again.Stop()
		for {
			select {
			case <-h.ctx.Done():
				return
			case <-changes.Out():
			case <-a.wake:
			case <-a.again.C:
			}
			if !h.rest(gather) {
				return
			}
			a.announce()
		}
	})
	return nil
}

// announce publishes the current addresses when they are news, or were not published
// often enough, and somebody listens.
func (a *announcer) announce() {
	addrs := announceable(a.host.host.Addrs())
	switch {
	case len(addrs) == 0, a.said == nil && within(addrs, a.host.roster.Load().own):
		return // there is nothing to say
	case a.said == nil || !within(addrs, a.said) || !within(a.said, addrs):
		a.times = 0
	case a.times == publishMax || time.Now().Before(a.next):
		return
	}
	if !a.host.gossip.heard() {
		return
	}
	if err := a.publish(addrs); err != nil {
		a.host.o.Logger.Warn("this host's addresses were not announced", "event", "addresses_not_announced", "error", err)
		return
	}
	wait := publishFirst
	for range a.times {
		wait *= 6
	}
	a.said, a.next = addrs, time.Now().Add(wait)
	a.times++
	a.again.Reset(wait)
}

func (a *announcer) publish(addrs []ma.Multiaddr) error {
	a.seq = max(a.seq+1, uint64(time.Now().UnixNano()))
	r := &p2p.PeerRecord{PeerID: a.host.self, Addrs: addrs, Seq: a.seq}
	sealed, err := record.Seal(r, a.host.o.Key)
	if err != nil {
		return err
	}
	envelope, err := sealed.Marshal()
	if err != nil {
		return err
	}
	return a.host.gossip.notify(noticeAddresses, envelope)
}

func within(list, of []ma.Multiaddr) bool {
	return !slices.ContainsFunc(list, func(a ma.Multiaddr) bool { return !slices.ContainsFunc(of, a.Equal) })
}

// announceable returns the addresses that other hosts can use: no loopback or
// link-local ones, unless there are no others, as in a site on one machine.
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

// learn handles an announcement of a peer. Its envelope has a signature of its own, so
// that it can be kept and forwarded; the gossip must be from the same peer.
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
		h.o.Learned(h.roster.nameOf(id), envelope)
	}
	h.links.tryNow(id)
	return Accept
}
