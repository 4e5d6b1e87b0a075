package sim

import (
	"slices"
	"time"

	"parley/lcc"
)

// frozen returns the agents that wait because an action failed. An agent may always wait
// in its initial roles: it has nothing to finish there.
func (s *checks) frozen() (list []Frozen) {
	for _, h := range s.hosts {
		if h.node == nil {
			continue
		}
		for _, v := range h.node.Peer().Views() {
			initial := v.Model.Initial()
			for _, a := range v.Agents {
				for _, f := range a.Failed {
					if name, _, _ := lcc.Name(f.Role); !slices.Contains(initial, name) {
						list = append(list, Frozen{h.Name, f.Role.String(), f.Action.String(), time.Duration(s.clockNow(h) - f.Since)})
					}
				}
			}
		}
	}
	return list
}
