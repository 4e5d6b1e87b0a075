package main

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
)

// A plan has the latest recommendation of each guest for which one holds, and no other.
func TestPlan(t *testing.T) {
	withdrawn := func(guest, target string) api.DealStatus {
		return api.DealStatus{Guest: guest, Name: guest, Source: "p1", Target: target, Side: "source", State: "withdrawn", At: time.Unix(1, 0)}
	}
	done := withdrawn("moved back", "p2")
	done.State = "done"
	s := api.Status{
		Host: "h1", PeerID: "p1", Peers: []api.PeerStatus{{ID: "p2", Name: "h2"}, {ID: "p3", Name: "h3"}},
		Guests: []api.GuestStatus{
			{ID: "web", Name: "web", Recommended: true}, {ID: "old", Name: "old"}, {ID: "moved back", Name: "moved back", Recommended: true},
		},
		History: []api.DealStatus{
			withdrawn("web", "p2"), withdrawn("web", "p3"), withdrawn("old", "p2"), withdrawn("left", "p2"), withdrawn("moved back", "p2"), done,
		},
	}
	plan := planOf(s)
	if len(plan) != 1 || plan[0].Guest != "web" || plan[0].To != "h3" || plan[0].Do != "parley migrate web h3" {
		t.Errorf("got %+v, want that web would go to h3, and nothing else", plan)
	}
}

// Where the load has changed since a recommendation, the plan says so.
func TestPlanLoadNow(t *testing.T) {
	plan := []planned{{Guest: "web", To: "h2", Load: 0.9, Do: "parley migrate web h2"}}
	for cpu, want := range map[float64]bool{0.4: true, 0.89: false} {
		var out strings.Builder
		printPlan(&out, api.Status{Load: api.LoadStatus{Known: true, CPU: cpu, Memory: 0.2}}, plan)
		if got := strings.Contains(out.String(), "the load here is 40 % now"); got != want {
			t.Errorf("load %v: got %q, want a word about the load now: %v", cpu, out.String(), want)
		}
	}
}

// The moves are in the order in which they were recommended. Of a host in the mode auto the
// plan says that the later ones may not be needed.
func TestPlanInOrder(t *testing.T) {
	first := api.DealStatus{Guest: "web1", Name: "web1", Source: "p1", Target: "p2", Side: "source", State: "withdrawn", Load: 0.9}
	second := first
	second.Guest, second.Name, second.Load = "web2", "web2", 0.7
	s := api.Status{
		Host: "h1", PeerID: "p1", Peers: []api.PeerStatus{{ID: "p2", Name: "h2"}},
		Guests:  []api.GuestStatus{{ID: "web1", Recommended: true}, {ID: "web2", Recommended: true}},
		History: []api.DealStatus{first, second},
	}
	plan := planOf(s)
	if len(plan) != 2 || plan[0].Load != 0.9 || plan[1].Load != 0.7 {
		t.Errorf("got %+v, want web1 before web2", plan)
	}
	for mode, want := range map[string]bool{"recommend": false, "auto": true} {
		var out strings.Builder
		s.Mode = mode
		printPlan(&out, s, plan)
		if got := strings.Contains(out.String(), "after the first move"); got != want {
			t.Errorf("mode %s: got %q", mode, out.String())
		}
	}
}
