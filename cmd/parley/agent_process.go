package main

import (
	"log/slog"
	"path/filepath"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/process"
)

// openProcesses opens the platform of cooperative processes.
func openProcesses(c config.Config, capacity hostagent.Resources, reserve int64, log *slog.Logger) (hostagent.Platform, error) {
	state, err := c.Process.StateBytes()
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(c.ProcessDir())
	if err != nil {
		return nil, err
	}
	o := process.Options{
		Dir: dir, Host: c.Host, Capacity: capacity, Reserve: reserve, Programs: c.Process.Programs,
		User: c.Process.User, Restart: c.Process.Restart,
		SilentMost: c.Process.SilentMost, BeatMissed: c.Process.BeatMissed, SuspendWithin: c.Process.SuspendWithin, StateMost: state,
		Connections: c.Process.Connections, Logger: log,
	}
	if o.Restart {
		o.Checkpoint = c.Process.Checkpoint
	}
	return process.Open(o)
}
