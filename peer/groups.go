package peer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/lcc"
)

// Grouping says how the hosts of a roster fall into groups, each of which hears
// its own adverts only: what a host hears must not grow with the number of hosts.
type Grouping struct {
	// Label is the key of a label, such as rack or site: hosts with the same
	// value of it are together, and those without it too. "": all hosts are one
	// set, as they are where one group holds them all: a label keeps near what
	// must be divided, it divides nothing that need not be.
	Label string
	// Most is how many hosts a group holds at most, 2 to 500; 0 means 128. A
	// larger set is split by the bits of the hashes of its hosts' ids.
	Most int
}

// Member is a host of a roster; its labels are each "key=value".
type Member struct {
	Peer   lcc.PeerID
	Labels []string
}

// Group is hosts that hear each other's adverts, sorted by id. The name says what
// they have in common, such as "rack=r7" or, where these are too many for one
// group, "01/rack=r7": the first bits of their hashes.
type Group struct {
	Name  string
	Peers []lcc.PeerID
}

const (
	groupMost    = 500 // hosts: an advert costs each that hears it (docs/network.md)
	groupDefault = 128
)

// Groups puts hosts into groups, sorted by name: every host in one. It depends on
// the set of hosts alone, so that all hosts with one roster find the same. A host
// that comes or goes changes its own group and no other, but where a group gets
// too large and is split, or some become small enough to be joined.
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

// hashed is a host with the hash by which its set is split.
type hashed struct {
	peer lcc.PeerID
	hash [sha256.Size]byte
}

// sets puts hosts together that have the same value of the label.
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

// set names the set of a host. Of several values of the label the first in the
// order of their bytes counts.
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
		return g.Label + "=" // no label has an empty value
	}
	return name
}

// split adds the groups of a set of hosts whose hashes begin with some bits: one,
// or as many as are needed. Different ids have different hashes, so it ends.
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
