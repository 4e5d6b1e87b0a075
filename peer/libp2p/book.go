package libp2p

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"
	ma "github.com/multiformats/go-multiaddr"
)

const (
	addressesMax = 16 // in an announcement, and added to one peer
	// aheadMax is how far an announcement may be ahead of our clock: one that was years
	// ahead would block all later ones.
	aheadMax = 24 * time.Hour
)

// book holds the addresses of peers that are not from the roster: announced ones, and
// added ones, which include mDNS results.
type book struct {
	mu        sync.Mutex
	announced map[p2p.ID]announcement
	added     map[p2p.ID][]ma.Multiaddr
	pace      map[p2p.ID]*pace // of dials to announced addresses
	ips       map[string]bool  // of all these; nil: not computed
}

// announcement is a peer's claim about its addresses; a greater number is newer.
type announcement struct {
	seq   uint64
	addrs []ma.Multiaddr
}

func newBook() *book {
	return &book{announced: map[p2p.ID]announcement{}, added: map[p2p.ID][]ma.Multiaddr{}, pace: map[p2p.ID]*pace{}}
}

// addresses returns the addresses of a peer, its announced ones first.
func (h *Host) addresses(id p2p.ID) []ma.Multiaddr {
	m := h.roster.member(id)
	h.book.mu.Lock()
	defer h.book.mu.Unlock()
	var list []ma.Multiaddr
	for _, a := range h.book.announced[id].addrs {
		if h.reachable(a, m) {
			list = append(list, a)
		}
	}
	list = append(h.book.paced(id, list, time.Now()), h.book.added[id]...)
	if m != nil {
		list = append(list, m.addrs...)
	}
	return list
}

// add adds addresses of a listed peer, and drops the oldest above the maximum.
func (b *book) add(id p2p.ID, addrs []ma.Multiaddr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.added[id]
	for _, a := range addrs {
		if !slices.ContainsFunc(list, a.Equal) {
			list = append(list, a)
		}
	}
	b.ips = nil
	b.added[id] = slices.Clone(list[max(0, len(list)-addressesMax):])
}

// recall handles an announcement that was stored in an earlier run.
func (b *book) recall(envelope []byte, log *slog.Logger) {
	id, a, err := unseal(envelope)
	if err != nil {
		log.Warn("addresses that a peer announced earlier cannot be read and are left out", "event", "addresses_not_read", "error", err)
		return
	}
	b.take(id, a)
}

// take handles an announcement and reports whether it is news.
func (b *book) take(id p2p.ID, a announcement) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a.seq <= b.announced[id].seq {
		return false
	}
	b.announced[id], b.ips = a, nil
	return true
}

func (b *book) keep(listed func(p2p.ID) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ips = nil
	for id := range b.pace {
		if !listed(id) {
			delete(b.pace, id)
		}
	}
	for id := range b.added {
		if !listed(id) {
			delete(b.added, id)
		}
	}
	for id := range b.announced {
		if !listed(id) {
			delete(b.announced, id)
		}
	}
}

// unseal decodes a sealed peer record and makes all checks that do not depend on its
// forwarder. Only plain addresses are allowed: a peer must not make others resolve a
// name or use a relay.
func unseal(envelope []byte) (p2p.ID, announcement, error) {
	var r p2p.PeerRecord
	e, err := record.ConsumeTypedEnvelope(envelope, &r)
	if err != nil {
		return "", announcement{}, err
	}
	if !r.PeerID.MatchesPublicKey(e.PublicKey) {
		return "", announcement{}, errors.New("it is signed by another peer than the one whose addresses it has")
	}
	if len(r.Addrs) > addressesMax {
		return "", announcement{}, fmt.Errorf("it has %d addresses, more than %d", len(r.Addrs), addressesMax)
	}
	return r.PeerID, announcement{r.Seq, slices.DeleteFunc(r.Addrs, notPlain)}, nil
}

// notPlain reports whether an address is anything other than a port of an IP address.
func notPlain(a ma.Multiaddr) bool {
	if len(a) < 2 || len(a) > 3 {
		return true
	}
	if first := a[0].Code(); first != ma.P_IP4 && first != ma.P_IP6 {
		return true
	}
	switch a[1].Code() {
	case ma.P_TCP:
		return len(a) != 2
	case ma.P_UDP:
		return len(a) != 3 || a[2].Code() != ma.P_QUIC_V1
	}
	return true
}
