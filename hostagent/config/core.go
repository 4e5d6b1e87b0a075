package config

import (
	"fmt"

	"parley/hostagent"
	"parley/hostagent/hours"
)

// Core returns the core's part of the configuration.
func (c Config) Core() hostagent.Config {
	core := hostagent.DefaultConfig()
	core.Tuning, core.Platform = c.Tuning, c.Platform.MoveLimits
	core.Labels, core.Rules, core.Power = c.Labels, c.Rules, c.Power
	core.Moves.Windows, _ = hours.Read(c.Windows) // checkWindows has said what is wrong
	core.Moves.Survive = c.Survive
	core.Recommend, core.Moves.Foreign = c.Mode != "auto", c.Arrival.Foreign == "allow"
	return core
}

// coreFaults returns what the core refuses, under the keys of the file.
func (c Config) coreFaults() (faults Faults) {
	for _, f := range c.Core().Faults() {
		faults = append(faults, &Fault{Key: written.Key(f.Field), Text: f.Text})
	}
	return faults
}

// checkWindows returns the faults of the windows.
func (c Config) checkWindows() (faults []error) {
	_, wrong := hours.Read(c.Windows)
	for i := range c.Windows {
		if f := wrong[i]; f != nil {
			faults = append(faults, &Fault{Key: fmt.Sprintf("windows[%d].%s", i, f.Key), Text: f.Text})
		}
	}
	return faults
}
