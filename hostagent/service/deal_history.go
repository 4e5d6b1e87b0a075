package service

import (
	"fmt"
	"sort"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
)

// deals are the latest deals that are as wanted, as moments.
func (r *recorder) deals(wanted func(api.DealStatus) bool) (list []api.Moment) {
	all := append(append([]api.DealStatus(nil), r.history.ended...), r.history.inFlight...)
	for i := len(all) - 1; i >= 0 && len(list) < momentsMax; i-- {
		if wanted(all[i]) {
			list = append(list, api.Moment{At: all[i].At, Deal: all[i].Deal, Text: r.dealText(all[i])})
		}
	}
	return list
}

func (r *recorder) dealText(d api.DealStatus) string {
	by := "the policy"
	if d.Operator {
		by = "an operator"
	}
	if d.Target == "" {
		return fmt.Sprintf("the drain of %s asked about %s: %s", r.names.name(hostagent.HostID(d.Source)), d.Name, r.names.reason(d.Reason))
	}
	text := fmt.Sprintf("deal of %s: %s from %s to %s: %s", by, d.Name, r.names.name(hostagent.HostID(d.Source)), r.names.name(hostagent.HostID(d.Target)), d.State)
	if d.Load > 0 {
		text += fmt.Sprintf(", at a load of %.0f %% here", 100*d.Load)
	}
	if d.Total > 0 {
		text += fmt.Sprintf(", took %v with %v of downtime", d.Total.Round(time.Millisecond), d.Downtime.Round(time.Millisecond))
	}
	if d.Reason != "" {
		text += ": " + r.names.reason(d.Reason)
	}
	return text
}

func sortMoments(list []api.Moment) {
	sort.SliceStable(list, func(i, j int) bool { return list[i].At.Before(list[j].At) })
}
