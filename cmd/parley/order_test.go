package main

import (
	"strings"
	"testing"

	"parley/hostagent/api"
	"parley/hostagent/audit"
)

// A mark on a guest that is leaving in a deal says so.
func TestMarkedGuestIsLeaving(t *testing.T) {
	s := api.Status{
		Host: "h1", PeerID: "p1", Peers: []api.PeerStatus{{ID: "p2", Name: "h2"}},
		Deals: []api.DealStatus{
			{Guest: "1", Name: "web", Side: "source", State: "moving", Target: "p2"},
			{Guest: "2", Name: "db", Side: "target", State: "armed", Source: "p2", Target: "p1"},
		},
	}
	const want = ", but is leaving for h2 in a deal that began before (`parley status`)"
	for guest, want := range map[string]string{"web": want, "1": want, "db": "", "mail": ""} {
		if got := leaving(s, guest); got != want {
			t.Errorf("%s: got %q, want %q", guest, got, want)
		}
	}
}

// A drained host says that the roles it shows are not offered to others.
func TestStatusOfDrainedHostOffersNothing(t *testing.T) {
	for _, drained := range []bool{true, false} {
		var out strings.Builder
		printStatus(&out, api.Status{
			Drained: drained,
			Policy:  api.PolicyStatus{Models: []api.ModelStatus{{Name: "agility", Digest: "0123456789abcdef", Roles: []string{"underloaded(0.0)"}}}},
		})
		if got := strings.Contains(out.String(), "offers nothing while the host is drained"); got != drained {
			t.Errorf("drained %v: got\n%s", drained, &out)
		}
	}
}

// The history tells the deals of a drain from an operator's others.
func TestHistoryNamesDrain(t *testing.T) {
	var out strings.Builder
	printHistory(&out, []audit.Entry{
		{Kind: "deal", Name: "web", Operator: true, Drain: true}, {Kind: "deal", Name: "db", Operator: true}, {Kind: "deal", Name: "mail"},
	}, true)
	for _, want := range []string{"drain's deal     web", "operator's deal  db", "deal             mail"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q, got\n%s", want, &out)
		}
	}
}
