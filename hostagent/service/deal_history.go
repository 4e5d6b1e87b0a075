package service

import (
	"sort"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
)

// deals returns the latest deals that match, newest first.
func (r *recorder) deals(wanted func(api.DealStatus) bool) (list []api.Moment) {
	all := append(append([]api.DealStatus(nil), r.history.ended...), r.history.inFlight...)
	for i := len(all) - 1; i >= 0 && len(list) < momentsMax; i-- {
		if wanted(all[i]) {
			list = append(list, api.Moment{At: all[i].At, Deal: all[i].Deal, Fact: r.dealFact(r.names.deal(all[i]))})
		}
	}
	return list
}

// dealFact describes the outcome of a deal whose reason has names.
func (r *recorder) dealFact(d api.DealStatus) api.Fact {
	source := r.names.name(hostagent.HostID(d.Source))
	if d.Target == "" {
		return fact("drain_asked", "source", source, "guest", d.Name, "code", d.Code, "reason", d.Reason)
	}
	return fact("deal", "operator", d.Operator, "drain", d.Drain, "guest", d.Name, "source", source,
		"target", r.names.name(hostagent.HostID(d.Target)),
		"state", d.State, "load", d.Load, "total_ns", d.Total, "downtime_ns", d.Downtime, "code", d.Code, "reason", d.Reason,
		"kind", kindBeside(d.Kind), "stages_ns", stageValues(d.Stages), "outcome", d.Sequel)
}

// kindBeside is a kind as it is said beside a guest; a virtual machine is not said.
func kindBeside(kind string) string {
	if kind == string(hostagent.VM) {
		return ""
	}
	return kind
}

// stageValues are the stages of a move as a fact has them.
func stageValues(stages []audit.Stage) (list []any) {
	for _, s := range stages {
		list = append(list, map[string]any{"name": s.Name, "took": s.Took})
	}
	return list
}

func sortMoments(list []api.Moment) {
	sort.SliceStable(list, func(i, j int) bool { return list[i].At.Before(list[j].At) })
}
