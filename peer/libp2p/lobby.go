package libp2p

import (
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// lobby holds the incoming connections that are not authenticated yet. Anybody who
// reaches the port can leave a handshake half open, so their number is bounded, and
// when the lobby is full the oldest connection is closed: an honest host needs
// milliseconds. Addresses of listed hosts have separate places; among the others the
// network with the most connections loses first.
type lobby struct {
	mu   sync.Mutex
	wait [2][]waiting // of strangers, and of addresses of listed hosts; oldest first
}

// waiting is a connection in its handshake.
type waiting struct {
	key   string // both its addresses
	from  string // its remote network
	since time.Time
	conn  io.Closer
}

const (
	// shakeWithin is how long a handshake may take when others wait for its place;
	// libp2p ends it after 15 s in any case.
	shakeWithin = 4 * time.Second
	// ofStrangers and ofListed index the halves of the lobby.
	ofStrangers = 0
	ofListed    = 1
)

// strangerPlaces and listedPlaces are the capacities for a number of listed hosts: all
// of them may connect at the same moment.
func strangerPlaces(hosts int) int { return 32 + hosts/4 }
func listedPlaces(hosts int) int   { return 32 + hosts }

// lobbyPlaces is the resource manager's limit for handshakes: those that wait, and as
// many that were closed and are not released yet.
func lobbyPlaces(hosts int) int { return 2 * (strangerPlaces(hosts) + listedPlaces(hosts)) }

// enter admits a connection and closes others for it when necessary.
func (l *lobby) enter(addrs network.ConnMultiaddrs, listed bool, hosts int, now time.Time) {
	conn, ok := addrs.(io.Closer)
	if !ok {
		return // a transport that bounds its handshakes itself
	}
	class, places := ofStrangers, strangerPlaces(hosts)
	if listed {
		class, places = ofListed, listedPlaces(hosts)
	}
	w := waiting{key: keyOf(addrs), from: networkOf(addrs.RemoteMultiaddr()), since: now, conn: conn}
	for _, old := range l.admit(class, places, w) {
		_ = old.conn.Close() // its handshake fails in any case
	}
}

// admit appends a connection and returns those that are evicted for it.
func (l *lobby) admit(class, places int, w waiting) (gone []waiting) {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := append(l.wait[class], w)
	if len(list) > places/2 {
		late := slices.IndexFunc(list, func(o waiting) bool { return w.since.Sub(o.since) < shakeWithin })
		gone = append(gone, list[:late]...)
		list = slices.Delete(list, 0, late)
	}
	for len(list) > places {
		at := largest(list[:len(list)-1])
		gone = append(gone, list[at])
		list = slices.Delete(list, at, at+1)
	}
	l.wait[class] = list
	return gone
}

// largest returns the index of the oldest connection of the network with the most.
func largest(list []waiting) (at int) {
	count := map[string]int{}
	most := 0
	for _, w := range list {
		count[w.from]++
		most = max(most, count[w.from])
	}
	return slices.IndexFunc(list, func(w waiting) bool { return count[w.from] == most })
}

// leave records that a connection is authenticated.
func (l *lobby) leave(addrs network.ConnMultiaddrs) {
	key := keyOf(addrs)
	l.mu.Lock()
	defer l.mu.Unlock()
	for class := range l.wait {
		l.wait[class] = slices.DeleteFunc(l.wait[class], func(w waiting) bool { return w.key == key })
	}
}

func keyOf(addrs network.ConnMultiaddrs) string {
	return string(addrs.LocalMultiaddr().Bytes()) + "|" + string(addrs.RemoteMultiaddr().Bytes())
}

// networkOf returns the range of addresses that one owner probably has completely: a
// /24 of IPv4, a /56 of IPv6.
func networkOf(a ma.Multiaddr) string {
	ip, err := manet.ToIP(a)
	switch {
	case err != nil:
		return ""
	case ip.To4() != nil:
		return string(ip.To4().Mask(net.CIDRMask(24, 32)))
	}
	return string(ip.Mask(net.CIDRMask(56, 128)))
}
