package main

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"parley/sim/baseline"
	"parley/sim/scenario"
)

// Our runs and the central baselines use the same hosts, guests and placement.
func TestSameFleet(t *testing.T) {
	data := os.Getenv("PARLEY_DATA")
	if data == "" {
		t.Skip(errNoData)
	}
	s, err := scenario.Open("../scenarios/planetlab.yaml", scenario.Options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	fleet, err := baseline.NewFleet(len(site.Guests), len(site.Hosts))
	if err != nil {
		t.Fatal(err)
	}
	if len(site.Guests) != 1052 || len(site.Hosts) != 800 {
		t.Fatalf("got %d guests on %d hosts, want 1052 on 800", len(site.Guests), len(site.Hosts))
	}
	for i, h := range site.Hosts {
		want := fleet.Hosts[i]
		if got := h.Capacity.CPU * 1000; int(got+0.5) != int(want.Capacity()) {
			t.Fatalf("host %s: got %.0f MIPS, want %.0f", h.Name, got, want.Capacity())
		}
		for load := 0.0; load <= 1; load += 0.05 {
			if got, want := h.Watts(load), want.Curve.Watts(load); got-want > 1e-9 || want-got > 1e-9 {
				t.Fatalf("host %s at %.2f: got %g W, want %g", h.Name, load, got, want)
			}
		}
	}
	for i, g := range site.Guests {
		want := fleet.Guests[i]
		if int(g.Declared.CPU*1000+0.5) != int(want.MIPS) || g.Declared.MemoryBytes != int64(want.MemoryMB)*1e6 {
			t.Fatalf("guest %s: got %+v, want %+v", g.Name, g.Declared, want)
		}
		number, err := strconv.Atoi(strings.TrimLeft(g.Host[3:], "0"))
		if err != nil {
			t.Fatal(err)
		}
		at := 2 * (number - 1)
		if strings.HasPrefix(g.Host, "g5-") {
			at++
		}
		if at != fleet.Placement[i] {
			t.Fatalf("guest %s begins on %s, which is host %d; want host %d", g.Name, g.Host, at, fleet.Placement[i])
		}
	}
}
