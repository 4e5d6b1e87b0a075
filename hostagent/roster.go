package hostagent

import "slices"

// HostLabels are the labels of a host as signed by its owner.
type HostLabels struct {
	Host   HostID
	Labels []string
}

// roster holds what signed rosters say about the other hosts. A guest that requires a
// label goes to a host only if the rosters give the host that label: a host's own claim
// can keep a guest away, but cannot attract one. Without a roster only the target's
// claim counts.
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

// lacks says why the rules of a guest exclude a host; the zero Refusal if they do not.
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

// forbiddenAt says why a guest of this host may not go to another; the zero Refusal if
// it may. The rules of a guest that is no longer here do not apply.
func (el *eligible) forbiddenAt(guest GuestID, host HostID) Refusal {
	t := el.load.guests[guest]
	if t == nil {
		return Refusal{}
	}
	return el.conduct.roster.lacks(el.load.rules(t), host)
}
