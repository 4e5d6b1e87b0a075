package main

import (
	"context"
	"fmt"

	"parley/hostagent"
	"parley/hostagent/api"
)

// lookByAgent looks at a host whose platforms only its agent can open.
func lookByAgent(status func(context.Context) (api.Status, error)) func(context.Context) (hostagent.Observation, error) {
	return func(ctx context.Context) (hostagent.Observation, error) {
		s, err := status(ctx)
		if err != nil {
			return hostagent.Observation{}, fmt.Errorf("only the agent looks at the guests of this host: %w", err)
		}
		if s.Platform.Error != "" {
			return hostagent.Observation{}, fmt.Errorf("the agent cannot look at the guests: %s", s.Platform.Error)
		}
		seen := hostagent.Observation{Capacity: hostagent.Resources{
			CPU: s.Load.CapacityCPU, MemoryBytes: s.Load.CapacityMemory, DiskBytes: s.Load.CapacityDisk,
		}}
		for _, g := range s.Guests {
			seen.Guests = append(seen.Guests, hostagent.Guest{
				ID: hostagent.GuestID(g.ID), Name: g.Name, Kind: hostagent.Kind(g.Kind), Ineligible: g.Ineligible, Fault: g.Fault,
				Declared: hostagent.Resources{CPU: g.Processors, MemoryBytes: g.Memory, DiskBytes: g.Disk},
			})
		}
		for kind, why := range s.Platform.Unseen {
			if seen.Unseen == nil {
				seen.Unseen = map[hostagent.Kind]string{}
			}
			seen.Unseen[hostagent.Kind(kind)] = why
		}
		return seen, nil
	}
}
