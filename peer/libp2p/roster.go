package libp2p

import (
	"errors"
	"fmt"
	"sync/atomic"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"parley/lcc"
)

// Roster says who may connect and which hosts this host connects to.
type Roster struct {
	// Hosts are all hosts of the site; they may include this host.
	Hosts []Address
	// Group names the topic of the adverts that this host sends and receives.
	Group string
	// Near are the members of this host's group; empty: all Hosts.
	Near []lcc.PeerID
}

// Address is a listed peer with its addresses.
type Address struct {
	ID         lcc.PeerID
	Multiaddrs []string
}

// groupMax bounds a group's name in bytes; each of its gossip messages contains it.
const groupMax = 200

// listed is the internal form of a Roster. It is immutable, so that the gater, the
// validators and the links read it without a lock.
type listed struct {
	group    string
	hosts    map[p2p.ID]*member
	names    map[lcc.PeerID]p2p.ID
	ips      map[string]bool // addresses of its hosts
	own      []ma.Multiaddr  // this host's addresses in the roster
	standing int             // number of standing members
}

// member is one host of a roster.
type member struct {
	name     lcc.PeerID
	addrs    []ma.Multiaddr
	near     bool
	standing bool // it has a standing link
}

// SetRoster replaces the roster. It closes connections to hosts that are no longer
// listed, and frames that wait for them come back as SendFailed; it dials new hosts. It
// is safe for concurrent use. An invalid roster changes nothing.
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

// forget drops the state of hosts that are no longer listed.
func (h *Host) forget(r *listed) {
	keep := func(id p2p.ID) bool { return r.hosts[id] != nil }
	h.meters.keep(keep)
	h.conduct.keep(keep)
	h.book.keep(keep)
	h.gossip.keep(keep)
	h.announcer.look()
}

// shut closes the connections that the roster does not allow. One that comes up at the
// same moment is closed by connected, which checks after it is counted.
func (h *Host) shut() {
	for _, c := range h.host.Network().Conns() {
		if !h.allowed(c.RemotePeer()) {
			// It has ended for us, whatever Close returns.
			_ = c.Close()
		}
	}
}

// read validates a roster and selects at most linksMax standing links.
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

// add adds one host; this host itself may be listed and is not a member.
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
		// One peer id has several spellings; here it has one name.
		m = &member{name: nameOf(id)}
		l.hosts[id], l.names[m.name] = m, id
	}
	m.addrs = append(m.addrs, addresses...)
	noteIPs(l.ips, addresses)
	return nil
}

// choose marks the members with a standing link.
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

// directory holds the current roster. It is safe for concurrent use.
type directory struct{ atomic.Pointer[listed] }

// member returns the roster's entry of a peer; nil: it is not listed.
func (d *directory) member(id p2p.ID) *member { return d.Load().hosts[id] }

// nameOf returns a peer's id in the cores' form.
func (d *directory) nameOf(id p2p.ID) lcc.PeerID {
	if m := d.member(id); m != nil {
		return m.name
	}
	return nameOf(id)
}

// allowed reports whether a peer may be connected now.
func (h *Host) allowed(id p2p.ID) bool {
	return h.roster.member(id) != nil && h.conduct.bannedUntil(id).IsZero()
}

var errNotListed = errors.New("the peer is not listed")

// resolve returns the id of a listed peer that is not banned, or an error.
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
