package config

import "parley/hostagent"

// Core returns the core's part of the configuration.
func (c Config) Core() hostagent.Config {
	core := hostagent.DefaultConfig()
	core.Tuning, core.Platform = c.Tuning, c.Platform.MoveLimits
	core.Labels, core.Rules, core.Power = c.Labels, c.Rules, c.Power
	core.Recommend, core.AdmitForeign = c.Mode != "auto", c.Arrival.Foreign == "allow"
	return core
}

// coreFaults returns what the core refuses, under the keys of the file.
func (c Config) coreFaults() (faults Faults) {
	for _, f := range c.Core().Faults() {
		faults = append(faults, &Fault{Key: written.Key(f.Field), Text: f.Text})
	}
	return faults
}
