package service

import (
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
)

// drain is the status of a drain, and of the guests that it moved away.
func (d *directory) drain(s hostagent.Status) api.DrainStatus {
	status := api.DrainStatus{Ended: d.refusal(s.Settings.WhyEnded()), Waits: d.refusal(s.DrainWaits), Home: s.Settings.Home}
	if s.Settings.Drained {
		status.Force = s.Settings.Force
	}
	if s.Settings.Until > 0 {
		status.Until = time.Unix(s.Settings.Until, 0)
	}
	for _, g := range s.Away {
		status.Away = append(status.Away, api.AwayStatus{
			ID: string(g.Guest), Name: g.Name, Host: d.name(g.Host), Why: d.refusal(g.Why), Stays: g.Stays,
		})
	}
	return status
}
