package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/sim/compare"
	"parley/sim/scenario"
)

// dumped is the status of a host with guests, as an agent reports it.
func dumped(host string, guests ...api.GuestStatus) api.Status {
	return api.Status{
		Host: host, Labels: []string{"rack=" + host}, Power: []float64{100, 200},
		Policy: api.PolicyStatus{Models: []api.ModelStatus{{Name: "agility"}}},
		Load:   api.LoadStatus{Known: true, CapacityCPU: 8, CapacityMemory: 32 << 30},
		Guests: guests,
	}
}

func busy(name string, cpu float64) api.GuestStatus {
	return api.GuestStatus{Name: name, State: "running", CPU: cpu, Processors: 2, Memory: 2 << 30, DirtyRate: 1e6}
}

// The concatenated dumps of three hosts are a scenario that runs.
func TestDumpRuns(t *testing.T) {
	special := busy("db", 1.5)
	special.Rules = api.GuestRules{Priority: 10, Labels: []string{"app=db"}, Requires: []string{"rack=h1"}}
	stuck := busy("stuck", 0.1)
	stuck.Ineligible = "its disk is not shared"
	coming := busy("coming", 0.1)
	coming.State = "incoming"
	strange := busy("strange", 0.1)
	strange.Processors = 0
	going := busy("going", 0.1)
	going.ID = "7"
	under := dumped("h1", special, busy("a", 1.9), busy("b", 1.9), busy("c", 1.9), stuck, going)
	under.Deals = []api.DealStatus{{Guest: "7", Side: "source", State: "checking"}}
	var out bytes.Buffer
	for _, s := range []api.Status{
		under,
		dumped("h2", coming, strange, going),
		dumped("h3", busy("d", 0.5)),
	} {
		if err := printDump(&out, s, time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"# h1 at 2026-05-01T12:00:00Z", "# coming is left out: it is incoming",
		"# going is left out: it is on its way to another host", "# strange is left out"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got no line %q in\n%s", want, out.String())
		}
	}
	s, err := scenario.Read(bytes.NewReader(out.Bytes()), "site.yaml", scenario.Options{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, out.String())
	}
	if len(s.Hosts) != 3 || len(s.Guests) != 7 || len(s.Policies) != 1 {
		t.Fatalf("got %d hosts, %d guests, policies %v; want 3, 7 and agility", len(s.Hosts), len(s.Guests), s.Policies)
	}
	if g := s.Guests[0]; g.Name != "db" || g.Host != "h1" || g.Load.Share != 0.75 || g.Priority[0] != 10 || g.Rules.Requires[0] != "rack=h1" {
		t.Errorf("got %+v, want db as it is", g)
	}
	if g := s.Guests[4]; g.Name != "stuck" || !g.Pinned {
		t.Errorf("got %+v, want a guest that stays", g)
	}
	p, err := compare.Load("agility", readModel)
	if err != nil {
		t.Fatal(err)
	}
	results, err := compare.Run(t.Context(), compare.Options{Scenario: s, Policies: []compare.Policy{p}, Seeds: []uint64{1}})
	if err != nil {
		t.Fatal(err)
	}
	moves := results[0].Site.Moves
	if len(moves) == 0 {
		t.Error("got no move away from the full host, want one")
	}
	for _, m := range moves {
		if m.Guest == "db" || m.Guest == "stuck" {
			t.Errorf("%s moved to %s, against its rules", m.Guest, m.To)
		}
	}
}

func TestDumpOfUnknownLoadAndPolicy(t *testing.T) {
	var out bytes.Buffer
	if err := printDump(&out, api.Status{Host: "h"}, time.Time{}); err == nil {
		t.Error("got no error for a load that is not known, want one")
	}
	s := dumped("h")
	s.Policy.Models[0].Name = "mine"
	if err := printDump(&out, s, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "# it enacts mine") || strings.Contains(text, "policies") {
		t.Errorf("got %s, want a policy that is told and not named", text)
	}
}
