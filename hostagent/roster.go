package hostagent

import "slices"

// HostLabels are the labels of a host as its owner has signed them.
type HostLabels struct {
	Host   HostID
	Labels []string
}

// roster is what signed rosters say of the other hosts. A guest that requires a label
// goes to a host only if they say that it has it: what the host says of itself can keep
// a guest away, and bring none. Without a roster the target's word is all there is.
type roster struct {
	known  bool
	labels map[HostID][]string
}

func newRoster(ev Rostered) (r roster) {
	r.known, r.labels = ev.Known, make(map[HostID][]string, len(ev.Hosts))
	for _, h := range ev.Hosts {
		r.labels[h.Host] = slices.Clone(h.Labels)
	}
	return r
}

// lacks says why the rules of a guest keep it away from a host; "" where they do not.
func (r roster) lacks(rules Rules, host HostID) Refusal {
	if !r.known {
		return Refusal{}
	}
	for _, label := range rules.Requires {
		if !slices.Contains(r.labels[host], label) {
			return Refusal{CodeLabel, "the guest requires a host with the label " + label + ", which the roster does not give to the target"}
		}
	}
	return Refusal{}
}

// forbiddenAt says why a guest of this host may not go to another; "" when it may. A
// guest that is not here any more is not kept by its rules.
func (el *eligible) forbiddenAt(guest GuestID, host HostID) Refusal {
	t := el.load.guests[guest]
	if t == nil {
		return Refusal{}
	}
	return el.conduct.roster.lacks(el.load.rules(t), host)
}
