package main

import (
	"parley/sim"
	"parley/sim/compare"
)

// worstOf returns the worst of each figure over the seeds of the selected policies.
func worstOf(results []compare.Result, of func(policy int) bool) (worst sim.Figures) {
	for _, r := range results {
		if !of(r.Policy) {
			continue
		}
		f := r.Site.Figures
		worst.EnergyKWh = max(worst.EnergyKWh, f.EnergyKWh)
		worst.Unserved = max(worst.Unserved, f.Unserved)
		worst.Deviation = max(worst.Deviation, f.Deviation)
		worst.DeviationLast = max(worst.DeviationLast, f.DeviationLast)
		worst.LoadMax = max(worst.LoadMax, f.LoadMax)
		worst.HotTicks = max(worst.HotTicks, f.HotTicks)
		worst.OverTicks = max(worst.OverTicks, f.OverTicks)
		worst.Migrations = max(worst.Migrations, f.Migrations)
		worst.PingPongs = max(worst.PingPongs, f.PingPongs)
		worst.PerHostHour = max(worst.PerHostHour, f.PerHostHour)
	}
	return worst
}
