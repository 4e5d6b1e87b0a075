package config

import "parley/hostagent"

// Core returns the core's part of the configuration. The core treats 0 as its default,
// so a configured 0 becomes the smallest other value.
func (c Config) Core() hostagent.Config {
	config := hostagent.Config{
		SampleEvery: c.SampleEvery, Smoothing: c.Smoothing, HoldSamples: c.HoldSamples, Hysteresis: least(c.Hysteresis),
		Cooldown: max(c.Cooldown, 1), ReturnAfter: max(c.ReturnAfter, 1), OfferTTL: c.OfferTTL, Coverage: c.Coverage, High: c.High, Low: c.Low, GainMin: least(c.GainMin),
		MovesIn: c.MovesIn, MovesOut: c.MovesOut, MoveDeadline: c.Deadline.Base, MoveDeadlinePerGiB: max(c.Deadline.PerGiB, 1),
		DowntimeMax: c.Platform.DowntimeMax, BandwidthMax: c.Platform.BandwidthMax,
		Recommend: c.Mode != "auto", Labels: c.Labels, Power: c.Power,
		AdmitForeign: c.Arrival.Foreign == "allow",
	}
	for _, r := range c.Rules {
		config.Rules = append(config.Rules, hostagent.RulesFor{Guests: r.Guests, Rules: hostagent.Rules{
			Pinned: r.Pin, Ignored: r.Ignore, Priority: r.Priority,
			Labels: r.Labels, Requires: r.Requires, Near: r.Near, Apart: r.Apart,
		}})
	}
	return config
}

func least(share float64) float64 {
	if share == 0 {
		return 1e-9
	}
	return share
}
