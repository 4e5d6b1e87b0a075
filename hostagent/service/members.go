package service

import (
	"maps"
	"slices"
	"strings"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/internal/label"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/peer"
	"parley/peer/libp2p"
)

// member is a host that may connect.
type member struct {
	id        lcc.PeerID
	name      string
	addresses []string
	labels    []string
	publisher string // "": listed in the configuration
}

// members are the hosts that may connect, by id, and this host's place among them. A
// value is immutable: others read it while the loop makes the next.
type members struct {
	list  []member
	at    map[lcc.PeerID]int // index in list; nil: not indexed
	group string             // topic of the adverts
	near  []lcc.PeerID       // sorted
	home  string             // the home publisher; "": no roster is in force
	own   []string           // labels that the home roster gives this host
	// ownName is this host's name in the home roster.
	ownName string
	alone   bool // there is a roster, but this host is not in it
}

// index makes looking for a member by its id fast: each name of a host in an answer needs it.
func (m *members) index() {
	m.at = make(map[lcc.PeerID]int, len(m.list))
	for i := range slices.Backward(m.list) { // of two with one id the first counts
		m.at[m.list[i].id] = i
	}
}

// beyond says whether a host is outside this host's group.
func (m *members) beyond(id lcc.PeerID) bool {
	_, near := slices.BinarySearch(m.near, id)
	return !near
}

// listedMembers returns the hosts of the configuration: without publishers, all hosts;
// otherwise the first contacts until a roster is in force.
func listedMembers(config config.Config, self lcc.PeerID) *members {
	m := &members{group: config.Group}
	for _, p := range config.Peers {
		if lcc.PeerID(p.ID) != self {
			m.list = append(m.list, member{id: lcc.PeerID(p.ID), name: p.Name, addresses: p.Addresses})
			m.near = append(m.near, lcc.PeerID(p.ID))
		}
	}
	slices.Sort(m.near)
	return m
}

// federationMost is the number of hosts of several owners below which they form one
// group.
const federationMost = 128

// rosterMembers returns the hosts of the rosters in force, the home publisher's first.
// Hosts of one group hear each other's adverts: the group of the home roster or, with
// fewer than federationMost hosts of several owners, all of them.
func rosterMembers(accepted *acceptance, self lcc.PeerID, rosters map[string]bundle.Roster) *members {
	home := accepted.names[0]
	m := &members{alone: true, home: home}
	publishers := slices.Sorted(maps.Keys(rosters))
	taken := map[lcc.PeerID]bool{self: true}
	for _, name := range accepted.names {
		p := accepted.publisher(name)
		for _, h := range rosters[name].Hosts {
			id := lcc.PeerID(h.ID)
			switch {
			case id == self && name == home:
				m.own, m.ownName, m.alone = h.Labels, h.Name, false
			case taken[id] || name != home && !bundle.Matches(h.Labels, p.Labels):
			default:
				taken[id] = true
				m.list = append(m.list, member{id, h.Name, h.Addresses, h.Labels, name})
			}
		}
	}
	slices.SortFunc(m.list, func(a, b member) int { return strings.Compare(string(a.id), string(b.id)) })
	if len(publishers) > 1 && len(m.list) < federationMost {
		m.group = groupName(strings.Join(publishers, "+"))
		for _, one := range m.list {
			m.near = append(m.near, one.id)
		}
		return m
	}
	m.group, m.near = homeGroup(self, home, rosters[home])
	m.group = groupName(m.group)
	return m
}

// homeGroup returns this host's group by the home roster.
func homeGroup(self lcc.PeerID, home string, roster bundle.Roster) (name string, near []lcc.PeerID) {
	var hosts []peer.Member
	for _, h := range roster.Hosts {
		hosts = append(hosts, peer.Member{Peer: lcc.PeerID(h.ID), Labels: h.Labels})
	}
	groups, err := peer.Groups(hosts, peer.Grouping{Label: roster.Group, Most: roster.GroupMost})
	if err != nil {
		return home, nil // the checks of a roster exclude an invalid grouping
	}
	for _, g := range groups {
		if slices.Contains(g.Peers, self) {
			near = slices.DeleteFunc(slices.Clone(g.Peers), func(id lcc.PeerID) bool { return id == self })
			return home + "/" + g.Name, near
		}
	}
	return home, nil
}

// roster returns the members in the network's format.
func (m *members) roster() libp2p.Roster {
	r := libp2p.Roster{Group: m.group, Near: m.near}
	for _, one := range m.list {
		r.Hosts = append(r.Hosts, libp2p.Address{ID: one.id, Multiaddrs: one.addresses})
	}
	return r
}

// enlist puts new members in force.
func (s *Service) enlist(m *members) error {
	m = s.policies.safe.members(m)
	s.names.put(m)
	s.names.logFaults(s.config.Labels, s.log)
	if err := s.network.SetRoster(m.roster()); err != nil {
		s.log.Error("the roster was not put in force on the network", "event", "roster_refused", "error", err)
	}
	if err := s.step(hostagent.Configured{Config: s.hostConfig()}); err != nil {
		return err
	}
	if err := s.announceLabels(); err != nil {
		return err
	}
	s.publishers.labelled(s.hostConfig().Labels)
	if err := s.step(peer.Grouped{Hosts: len(m.near) + 1}); err != nil {
		return err
	}
	if err := s.drawBeyond(); err != nil {
		return err
	}
	return s.policies.setOutsiders()
}

// announceLabels passes the roster labels of the other hosts to the core. A host that
// follows a publisher accepts no other labels, even before a roster is in force.
func (s *Service) announceLabels() error {
	ev := hostagent.Rostered{Known: s.publishers.driver != nil}
	if m := s.names.members(); ev.Known {
		for _, one := range m.list {
			ev.Hosts = append(ev.Hosts, hostagent.HostLabels{Host: hostagent.HostID(one.id), Labels: one.labels})
		}
	}
	return s.step(ev)
}

// hostConfig returns the core's part of the configuration, with the labels that the
// roster gives this host.
func (s *Service) hostConfig() hostagent.Config {
	config := s.config.Core()
	config.Labels, _ = label.Fit(config.Labels, s.names.members().own)
	return config
}

// drawBeyond draws random hosts outside the group, for models that search there.
func (s *Service) drawBeyond() error {
	m := s.names.members()
	var far []lcc.PeerID
	for _, one := range m.list {
		if m.beyond(one.id) {
			far = append(far, one.id)
		}
	}
	s.chance.Shuffle(len(far), func(i, k int) { far[i], far[k] = far[k], far[i] })
	return s.step(peer.Beyond{Peers: far[:min(len(far), peer.BeyondCount)]})
}
