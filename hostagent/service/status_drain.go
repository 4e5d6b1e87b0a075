package service

import (
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
)

// drain is the status of a drain, and of the guests that it moved away.
func (n *directory) drain(s hostagent.Status) api.DrainStatus {
	d := api.DrainStatus{Ended: n.refusal(s.Settings.WhyEnded()), Home: s.Settings.Home}
	if s.Settings.Drained {
		d.Force = s.Settings.Force
	}
	if s.Settings.Until > 0 {
		d.Until = time.Unix(s.Settings.Until, 0)
	}
	for _, g := range s.Away {
		d.Away = append(d.Away, api.AwayStatus{
			ID: string(g.Guest), Name: g.Name, Host: n.name(g.Host), Why: n.refusal(g.Why), Stays: g.Stays,
		})
	}
	return d
}
