package peer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/lcc"
)

// Grouping says how the hosts of a roster form groups. Adverts stay within a group,
// because the adverts that a host receives must not grow with the number of hosts.
type Grouping struct {
	// Label is the key of a label, such as rack or site. Hosts with the same value form
	// a set, and so do the hosts without the label. With "" all hosts are one set. They
	// also are when all hosts fit into one group: the label keeps near hosts together
	// in a division, and causes none.
	Label string
	// Most is the maximum number of hosts in a group, 2 to 500; 0 means 128. A larger
	// set is split by the bits of the hashes of its hosts' ids.
	Most int
}

// Member is a host of a roster; each label is "key=value".
type Member struct {
	Peer   lcc.PeerID
	Labels []string
}

// Group is a set of hosts that receive each other's adverts, sorted by id. The name is
// the common label, such as "rack=r7" or, when the set was split, "01/rack=r7" with the
// leading bits of the hashes.
type Group struct {
	Name  string
	Peers []lcc.PeerID
}

const (
	groupMost    = 500 // hosts: an advert costs each host that receives it (docs/network.md)
	groupDefault = 128
)

// Groups divides hosts into groups, sorted by name; every host is in exactly one. The
// result depends only on the set of hosts, so all hosts with the same roster compute
// the same groups. A host that comes or goes changes only its own group, unless a group
// becomes too large and is split, or some become small enough to be joined.
func Groups(members []Member, by Grouping) ([]Group, error) {
	if by.Most == 0 {
		by.Most = groupDefault
	}
	switch {
	case by.Most < 2 || by.Most > groupMost:
		return nil, fmt.Errorf("peer: groups of at most %d hosts: give 2 to %d, or 0 for %d", by.Most, groupMost, groupDefault)
	case strings.ContainsAny(by.Label, "=, \t\n\""):
		return nil, fmt.Errorf("peer: groups by the label %q: give the key of a label, such as rack", by.Label)
	}
	if len(members) <= by.Most {
		by.Label = ""
	}
	sets, err := by.sets(members)
	if err != nil {
		return nil, err
	}
	var groups []Group
	for name, set := range sets {
		groups = split(groups, name, "", set, by.Most)
	}
	slices.SortFunc(groups, func(a, b Group) int { return strings.Compare(a.Name, b.Name) })
	return groups, nil
}

// hashed is a host with the hash that splits its set.
type hashed struct {
	peer lcc.PeerID
	hash [sha256.Size]byte
}

// sets groups hosts by their value of the label.
func (g Grouping) sets(members []Member) (map[string][]hashed, error) {
	sets := map[string][]hashed{}
	seen := make(map[lcc.PeerID]bool, len(members))
	for _, m := range members {
		switch {
		case m.Peer == "":
			return nil, errors.New("peer: groups: a host without an id")
		case seen[m.Peer]:
			return nil, fmt.Errorf("peer: groups: the host %s is there twice", m.Peer)
		}
		seen[m.Peer] = true
		name := g.set(m.Labels)
		sets[name] = append(sets[name], hashed{m.Peer, sha256.Sum256([]byte(m.Peer))})
	}
	return sets, nil
}

// set returns the name of a host's set. Of several values of the label the smallest in
// byte order counts.
func (g Grouping) set(labels []string) string {
	if g.Label == "" {
		return "all"
	}
	name := ""
	for _, label := range labels {
		if strings.HasPrefix(label, g.Label+"=") && (name == "" || label < name) {
			name = label
		}
	}
	if name == "" {
		return g.Label + "=" // a label's value is never empty
	}
	return name
}

// split appends the groups for a set of hosts whose hashes share leading bits: one, or
// as many as needed. It terminates because different ids have different hashes.
func split(groups []Group, name, bits string, set []hashed, most int) []Group {
	switch {
	case len(set) == 0:
		return groups
	case len(set) > most && len(bits) < 8*sha256.Size:
		var halves [2][]hashed
		for _, h := range set {
			bit := h.hash[len(bits)/8] >> (7 - len(bits)%8) & 1
			halves[bit] = append(halves[bit], h)
		}
		return split(split(groups, name, bits+"0", halves[0], most), name, bits+"1", halves[1], most)
	}
	g := Group{Name: name}
	if bits != "" {
		g.Name = bits + "/" + name
	}
	for _, h := range set {
		g.Peers = append(g.Peers, h.peer)
	}
	slices.Sort(g.Peers)
	return append(groups, g)
}
