package libp2p

import (
	"net"
	"slices"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// This file bounds what a listed host can have others do by announcing addresses. A dial
// to one is believed only where the right peer answers, but whoever is dialled gets a
// connection that it did not ask for.

const (
	announcedAtOnce = 4 // addresses of an announcement that one dial tries, in turn
	paceFirst       = 10 * time.Second
	paceLast        = 2 * time.Minute
)

// pace is how often the announced addresses of a peer are dialled that did not answer.
type pace struct {
	turn  int // of the announced addresses
	fails int // dials without success
	next  time.Time
}

// paced returns those announced addresses that are tried now. The caller holds the lock.
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
	// Until it is known how the dial went.
	p.next = now.Add(min(paceLast, paceFirst<<min(p.fails, 8)))
	p.fails++
	return list
}

// reached notes that a peer was found: its addresses are good.
func (b *book) reached(id p2p.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.pace[id]; p != nil {
		p.fails, p.next = 0, time.Time{}
	}
}

// reachable says whether an announced address may be dialled. One that means another
// machine to each who uses it counts only where the roster or this host's own
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

// ownAddrs are the addresses that this host's configuration and roster say it has.
func (l *listed) ownAddrs(listen []string) []ma.Multiaddr {
	list := slices.Clone(l.own)
	for _, text := range listen {
		if a, err := ma.NewMultiaddr(text); err == nil {
			list = append(list, a)
		}
	}
	return list
}

// knows says whether a listed host is said to be at an address.
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
