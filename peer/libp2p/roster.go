package libp2p

import (
	"errors"
	"fmt"
	"sync/atomic"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"parley/lcc"
)

// Roster says who may connect and whom this host connects to.
type Roster struct {
	// Hosts are all hosts of the site; this host may stand among them.
	Hosts []Address
	// Group names the topic of the adverts that this host tells and hears.
	Group string
	// Near are the members of this host's group; empty: all Hosts.
	Near []lcc.PeerID
}

// Address is a listed peer and where it may be found.
type Address struct {
	ID         lcc.PeerID
	Multiaddrs []string
}

// groupMax bounds the bytes of a group's name, which stands in each of its
// gossip messages.
const groupMax = 200

// listed is a Roster as it is used. It is never changed, so that the gater, the
// validators and the links read it without a lock.
type listed struct {
	group    string
	hosts    map[p2p.ID]*member
	names    map[lcc.PeerID]p2p.ID
	ips      map[string]bool // that its hosts are said to have
	own      []ma.Multiaddr  // what the roster says of this host
	standing int             // how many members are
}

// member is one host of a roster.
type member struct {
	name     lcc.PeerID
	addrs    []ma.Multiaddr
	near     bool
	standing bool // a link to it is kept
}

// SetRoster replaces the roster. Connections to hosts that are no longer listed
// are closed, and what waited for them comes back as SendFailed; hosts that are
// new are dialled. It may be called at any time from any goroutine. A roster
// that is wrong changes nothing.
func (h *Host) SetRoster(r Roster) error {
	next, err := r.read(h.self, h.o.LinksMax)
	if err != nil {
		return err
	}
	h.changing.Lock()
	defer h.changing.Unlock()
	last := h.roster.Swap(next)
	h.limits.hosts.Store(int64(len(next.hosts)))
	h.links.relink(next)
	h.forget(next)
	h.shut()
	if last.group == next.group {
		return nil
	}
	return h.gossip.enter(next.group)
}

// forget drops what was remembered of hosts that are no longer listed.
func (h *Host) forget(r *listed) {
	keep := func(id p2p.ID) bool { return r.hosts[id] != nil }
	h.meters.keep(keep)
	h.conduct.keep(keep)
	h.book.keep(keep)
	h.gossip.keep(keep)
	h.announcer.look()
}

// shut closes the connections that the roster does not allow. One that comes
// up at this moment is closed by connected, which looks after it is counted.
func (h *Host) shut() {
	for _, c := range h.host.Network().Conns() {
		if !h.allowed(c.RemotePeer()) {
			// It is over for us, whatever the other side thinks.
			_ = c.Close()
		}
	}
}

// read checks a roster and chooses the links that stand, at most so many.
func (r Roster) read(self p2p.ID, linksMax int) (*listed, error) {
	if len(r.Group) > groupMax {
		return nil, fmt.Errorf("peers: the group's name has %d bytes: give at most %d", len(r.Group), groupMax)
	}
	l := &listed{group: r.Group, hosts: map[p2p.ID]*member{}, names: map[lcc.PeerID]p2p.ID{}, ips: map[string]bool{}}
	for _, a := range r.Hosts {
		if err := l.add(self, a); err != nil {
			return nil, err
		}
	}
	for _, name := range r.Near {
		if id, ok := l.names[name]; ok {
			l.hosts[id].near = true
		} else if string(name) != self.String() {
			return nil, fmt.Errorf("peers: %s belongs to the group and is not listed: list it among the hosts", name)
		}
	}
	if len(r.Near) == 0 {
		for _, m := range l.hosts {
			m.near = true
		}
	}
	l.choose(self, linksMax)
	return l, nil
}

// add takes in one host; oneself may stand among them and is no member.
func (l *listed) add(self p2p.ID, a Address) error {
	id, err := p2p.Decode(string(a.ID))
	if err != nil {
		return fmt.Errorf("peers: %q is not a peer id (`parley agent --print-id` on that host prints it): %w", a.ID, err)
	}
	addresses, err := multiaddrs(a.Multiaddrs)
	if err != nil {
		return err
	}
	if id == self {
		l.own = append(l.own, addresses...)
		return nil
	}
	m := l.hosts[id]
	if m == nil {
		// One peer has several spellings; it has one name here.
		m = &member{name: nameOf(id)}
		l.hosts[id], l.names[m.name] = m, id
	}
	m.addrs = append(m.addrs, addresses...)
	noteIPs(l.ips, addresses)
	return nil
}

// choose marks the members that links are kept to.
func (l *listed) choose(self p2p.ID, most int) {
	var near, far []spot
	for id, m := range l.hosts {
		if m.near {
			near = append(near, spotOf(id))
		} else {
			far = append(far, spotOf(id))
		}
	}
	for _, id := range standing(spotOf(self), near, far, most) {
		l.hosts[id].standing = true
		l.standing++
	}
}

func multiaddrs(texts []string) (list []ma.Multiaddr, err error) {
	for _, text := range texts {
		address, err := multiaddr(text)
		if err != nil {
			return nil, fmt.Errorf("peers: %w", err)
		}
		list = append(list, address)
	}
	return list, nil
}

func multiaddr(text string) (ma.Multiaddr, error) {
	address, err := ma.NewMultiaddr(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not an address such as /ip4/10.0.0.2/tcp/4200: %w", text, err)
	}
	return address, nil
}

// directory is the present roster. Anybody may ask it at any time.
type directory struct{ atomic.Pointer[listed] }

// member returns what the roster says of a peer; nil: it is not listed.
func (d *directory) member(id p2p.ID) *member { return d.Load().hosts[id] }

// nameOf is a peer's id as the cores have it.
func (d *directory) nameOf(id p2p.ID) lcc.PeerID {
	if m := d.member(id); m != nil {
		return m.name
	}
	return nameOf(id)
}

// allowed says whether a peer may be connected now.
func (h *Host) allowed(id p2p.ID) bool {
	return h.roster.member(id) != nil && h.conduct.bannedUntil(id).IsZero()
}

var errNotListed = errors.New("the peer is not listed")

// resolve returns the id of a listed peer that may be talked to, or why not.
func (h *Host) resolve(name lcc.PeerID) (p2p.ID, error) {
	id, ok := h.roster.Load().names[name]
	if !ok {
		return "", errNotListed
	}
	if until := h.conduct.bannedUntil(id); !until.IsZero() {
		return "", banned(until)
	}
	return id, nil
}
