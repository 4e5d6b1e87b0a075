package libp2p

import (
	"net"
	"slices"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// This file bounds the dials that a listed host can cause by announcing addresses. A
// dial succeeds only when the right peer answers, but any address gets an unsolicited
// connection attempt.

const (
	announcedAtOnce = 4 // announced addresses that one dial tries
	paceFirst       = 10 * time.Second
	paceLast        = 2 * time.Minute
)

// pace limits the dials to the announced addresses of a peer that did not answer.
type pace struct {
	turn  int // index into the announced addresses
	fails int // failed dials
	next  time.Time
}

// paced returns the announced addresses to try now. The caller holds the lock.
func (b *book) paced(id p2p.ID, addrs []ma.Multiaddr, now time.Time) []ma.Multiaddr {
	if len(addrs) == 0 {
		return nil
	}
	p := b.pace[id]
	if p == nil {
		p = &pace{}
		b.pace[id] = p
	}
	if now.Before(p.next) {
		return nil
	}
	var list []ma.Multiaddr
	for n := range min(announcedAtOnce, len(addrs)) {
		list = append(list, addrs[(p.turn+n)%len(addrs)])
	}
	p.turn = (p.turn + len(list)) % len(addrs)
	// This holds until the outcome of the dial is known.
	p.next = now.Add(min(paceLast, paceFirst<<min(p.fails, 8)))
	p.fails++
	return list
}

// reached records that a peer was found: its addresses are valid.
func (b *book) reached(id p2p.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.pace[id]; p != nil {
		p.fails, p.next = 0, time.Time{}
	}
}

// reachable reports whether an announced address may be dialled. An address that means
// a different machine on each host counts only when the roster or this host's own
// configuration has such an address, as in a site on one machine.
func (h *Host) reachable(a ma.Multiaddr, m *member) bool {
	ip, err := manet.ToIP(a)
	if err != nil || ip.IsUnspecified() || ip.IsMulticast() || ip.Equal(net.IPv4bcast) {
		return false
	}
	local := ip.IsLoopback() || ip.IsLinkLocalUnicast()
	if !local {
		return true
	}
	same := func(b ma.Multiaddr) bool {
		other, err := manet.ToIP(b)
		return err == nil && other.IsLoopback() == ip.IsLoopback() && other.IsLinkLocalUnicast() == ip.IsLinkLocalUnicast()
	}
	return m != nil && slices.ContainsFunc(m.addrs, same) || slices.ContainsFunc(h.roster.Load().ownAddrs(h.o.Listen), same)
}

// ownAddrs returns this host's addresses from its configuration and the roster.
func (l *listed) ownAddrs(listen []string) []ma.Multiaddr {
	list := slices.Clone(l.own)
	for _, text := range listen {
		if a, err := ma.NewMultiaddr(text); err == nil {
			list = append(list, a)
		}
	}
	return list
}

// knows reports whether an address belongs to a listed host.
func (h *Host) knows(ip net.IP) bool {
	return h.roster.Load().ips[string(ip.To16())] || h.book.knows(ip)
}

func (b *book) knows(ip net.IP) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ips == nil {
		b.ips = map[string]bool{}
		for _, a := range b.announced {
			noteIPs(b.ips, a.addrs)
		}
		for _, addrs := range b.added {
			noteIPs(b.ips, addrs)
		}
	}
	return b.ips[string(ip.To16())]
}

func noteIPs(ips map[string]bool, addrs []ma.Multiaddr) {
	for _, a := range addrs {
		if ip, err := manet.ToIP(a); err == nil {
			ips[string(ip.To16())] = true
		}
	}
}
