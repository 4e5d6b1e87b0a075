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

// lobby holds the incoming connections that have not said who they are. Anybody who
// reaches the port can begin one and leave it half open, so their number is bounded, and
// where it is full the oldest one makes place: a host that is there needs milliseconds
// for what a stranger does not mean to end. Addresses of listed hosts have places of
// their own; among the others the network with most connections gives way first.
type lobby struct {
	mu   sync.Mutex
	wait [2][]waiting // of strangers, and of addresses of listed hosts; oldest first
}

// waiting is a connection whose handshake has not ended.
type waiting struct {
	key   string // both its addresses
	from  string // the network that it comes from
	since time.Time
	conn  io.Closer
}

const (
	// shakeWithin is how long a handshake may take where others wait for its place;
	// libp2p ends it after 15 s where nobody does.
	shakeWithin = 4 * time.Second
	// ofStrangers and ofListed are the halves of the lobby.
	ofStrangers = 0
	ofListed    = 1
)

// strangerPlaces and listedPlaces are how many may wait, by the number of listed hosts:
// all of them may come at one moment.
func strangerPlaces(hosts int) int { return 32 + hosts/4 }
func listedPlaces(hosts int) int   { return 32 + hosts }

// lobbyPlaces is what the resource manager keeps for handshakes: those that wait, and as
// many that were just sent away and are not yet gone.
func lobbyPlaces(hosts int) int { return 2 * (strangerPlaces(hosts) + listedPlaces(hosts)) }

// enter takes in a connection and sends others away for it where it has to.
func (l *lobby) enter(addrs network.ConnMultiaddrs, listed bool, hosts int, now time.Time) {
	conn, ok := addrs.(io.Closer)
	if !ok {
		return // of a transport that bounds its handshakes itself
	}
	class, places := ofStrangers, strangerPlaces(hosts)
	if listed {
		class, places = ofListed, listedPlaces(hosts)
	}
	w := waiting{key: keyOf(addrs), from: networkOf(addrs.RemoteMultiaddr()), since: now, conn: conn}
	for _, old := range l.admit(class, places, w) {
		_ = old.conn.Close() // its handshake fails, whatever it thinks of that
	}
}

// admit puts a connection at the end and returns those that go for it.
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

// largest is the place of the oldest connection of the network that has most.
func largest(list []waiting) (at int) {
	count := map[string]int{}
	most := 0
	for _, w := range list {
		count[w.from]++
		most = max(most, count[w.from])
	}
	return slices.IndexFunc(list, func(w waiting) bool { return count[w.from] == most })
}

// leave notes that a connection has said who it is.
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

// networkOf is what one owner of addresses is likely to have whole: a /24 of IPv4, a /56
// of IPv6.
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
