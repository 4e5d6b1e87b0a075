package node

import (
	"maps"
	"slices"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

// outsiders are the hosts with which no deal begins now: those of other owners with which
// no model is shared, and those of which two agents run with one key, since nobody knows
// which of the two answers.
type outsiders struct {
	owners  []hostagent.Outsider
	doubled map[lcc.PeerID]bool
}

const doubledText = "two agents run with the key of that host: stop one of them, or give it a key of its own"

// setOwners takes the hosts of other owners.
func (o *outsiders) setOwners(list []peer.Outsider) hostagent.Outsiders {
	o.owners = withoutModel(list)
	return o.list()
}

// incarnation records what is reported of a host's incarnations, and says whether the list is
// another one now.
func (o *outsiders) incarnation(e peer.Incarnation) bool {
	switch e.Kind {
	case peer.IncarnationDoubled:
		if o.doubled == nil {
			o.doubled = map[lcc.PeerID]bool{}
		}
		o.doubled[e.Peer] = true
	case peer.IncarnationSingle:
		delete(o.doubled, e.Peer)
	default:
		return false
	}
	return true
}

func (o *outsiders) list() hostagent.Outsiders {
	list := slices.Clone(o.owners)
	for _, id := range slices.Sorted(maps.Keys(o.doubled)) {
		list = append(list, hostagent.Outsider{Host: hostagent.HostID(id), Why: doubledText})
	}
	return hostagent.Outsiders{List: list}
}

// withoutModel are the hosts of other owners with which no model is shared now:
// no deal begins with them.
func withoutModel(list []peer.Outsider) (none []hostagent.Outsider) {
	for _, o := range list {
		if len(o.Models) == 0 {
			none = append(none, hostagent.Outsider{Host: hostagent.HostID(o.Peer), Why: o.Why})
		}
	}
	return none
}
