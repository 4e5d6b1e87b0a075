package senderinitiated_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/models"
	"parley/models/policytest"
	"parley/sim/compare"
	"parley/sim/scenario"
)

// No host stays further above the average than the threshold, and the guests that
// are needed for that are few.
func TestSenderInitiated(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 40, 2}, {3, 12, 3}, {30, 200, 7}, {90, 600, 8}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Beside(t, policytest.Uneven(policytest.Policy(t, "sender_initiated"), size.hosts, size.guests, size.seed))
			r := policytest.Run(t, s)
			t.Logf("average %.3f, spread %.3f to %.3f, %d moves, %d messages, %v", policytest.Average(s, 0), policytest.Spread(r.Before),
				policytest.Spread(r.After), len(r.Moves), r.Messages, r.Took)
			policytest.NoneAbove(t, r.After, policytest.Average(s, 0)+0.17)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// Where nothing is noted nothing is done.
func TestSenderInitiatedAlone(t *testing.T) {
	r := policytest.Run(t, policytest.Uneven(policytest.Policy(t, "sender_initiated"), 8, 40, 1))
	if len(r.Moves) > 0 || r.Messages > 0 {
		t.Errorf("without gossip: got %d moves and %d messages, want none", len(r.Moves), r.Messages)
	}
}

// Messages are lost and doubled, agents end, a host stops and the site falls into
// two parts: every deal ends, and no host stays far above the average.
func TestSenderInitiatedInTrouble(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Beside(t, policytest.Trouble(policytest.Uneven(policytest.Policy(t, "sender_initiated"), 8, 60, seed)))
			r := policytest.Run(t, s)
			policytest.NoneAbove(t, r.After, policytest.Average(s, 0)+0.2)
			policytest.NoPingPong(t, r.Moves)
		})
	}
}

// The distributed virtual environment: while its people walk to two corners of the
// map no node passes what it has, and few zones move.
func TestVirtualEnvironment(t *testing.T) {
	file := filepath.Join("..", "..", "examples", "scenarios", "dve.yaml")
	walk, err := scenario.Open(file, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := load(t, "gossip+sender_initiated")
	for seed := range uint64(4) {
		s, err := walk.Site(seed+1, p.Models)
		if err != nil {
			t.Fatal(err)
		}
		s.Tick = 5 * time.Second
		r, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		f := r.Figures
		t.Logf("seed %d: at most %.3f, %d migrations", seed+1, f.LoadMax, f.Migrations)
		if f.LoadMax > 1 || f.Migrations > 24 || f.PingPongs > 0 {
			t.Errorf("seed %d: got a load of %.3f, %d migrations and %d moves back; want at most 1, 24 and 0",
				seed+1, f.LoadMax, f.Migrations, f.PingPongs)
		}
	}
}

func load(t *testing.T, policy string) compare.Policy {
	t.Helper()
	p, err := compare.Load(policy, func(name string) ([]byte, error) {
		data, _ := models.Text(name)
		return data, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The environment of 10,000 zone servers with 400 of them on 20 hosts: nearly everything is
// served that would otherwise be lost, and no zone moves back.
func TestManyZones(t *testing.T) {
	file := filepath.Join("..", "..", "examples", "scenarios", "dve_10000.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	smaller := strings.NewReplacer("count: 500,", "count: 20,", "count: 10000\n", "count: 400\n", "clients: 1000000, side: 100",
		"clients: 40000, side: 20").Replace(string(text))
	walk, err := scenario.Read(strings.NewReader(smaller), file, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(walk.Policies) != 2 {
		t.Fatalf("policies of %s: got %v, want none and another", file, walk.Policies)
	}
	var unserved [2]float64
	for i, name := range walk.Policies {
		s, err := walk.Site(1, load(t, name).Models)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		f := r.Figures
		t.Logf("%s: load at most %.2f, %.2f %% unserved, %d migrations", name, f.LoadMax, 100*f.Unserved, f.Migrations)
		unserved[i] = f.Unserved
		if f.PingPongs > 0 {
			t.Errorf("%s: got %d moves back, want none", name, f.PingPongs)
		}
	}
	if unserved[0] < 0.1 || unserved[1] > 0.01 {
		t.Errorf("unserved: got %.3f without moves and %.3f with them, want at least 0.1 and at most 0.01", unserved[0], unserved[1])
	}
}
