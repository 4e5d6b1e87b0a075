package service

import (
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/recall"
)

func guestRules(r hostagent.Rules) api.GuestRules {
	return api.GuestRules{
		Pin: r.Pinned, Ignore: r.Ignored, Priority: r.Priority,
		Labels: r.Labels, Requires: r.Requires, Near: r.Near, Apart: r.Apart, Avoids: r.Avoids, AtMost: r.AtMost,
	}
}

func dealStatus(s hostagent.DealChanged, at time.Time) api.DealStatus {
	var expected hostagent.Price
	if s.Price != nil {
		expected = *s.Price
	}
	return api.DealStatus{
		Prospect: audit.Prospect{ExpectedTotal: expected.Total, ExpectedDowntime: expected.Downtime, Sequel: recall.Sequel(s)},
		Deal:     string(s.Deal), Guest: string(s.Guest), Name: s.Name, Kind: string(s.Kind),
		Source: string(s.Source), Target: string(s.Target),
		Side: string(s.Side), State: string(s.State), Reason: s.Reason, Code: string(s.Code), At: at,
		Total: s.Migrated.Total, Downtime: s.Migrated.Downtime, Bytes: s.Migrated.Bytes,
		Operator: s.Operator, Drain: s.Drain, NeedCPU: s.Need.CPU, NeedMemory: s.Need.MemoryBytes, Load: s.Load,
		Stages: stages(s.Migrated.Stages),
	}
}

func stages(of []hostagent.StageTime) (list []audit.Stage) {
	for _, s := range of {
		list = append(list, audit.Stage{Name: s.Stage, Took: s.Took, Bytes: s.Bytes})
	}
	return list
}
