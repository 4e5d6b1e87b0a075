package models_test

import (
	"testing"

	"parley/internal/race"
	"parley/models/policytest"
)

// Loads that swing: what guests do not get falls to a fiftieth of what it is without
// moves, few deals are refused, and no guest goes back and forth.
func TestSwingingLoad(t *testing.T) {
	if race.Detector {
		t.Skip("one goroutine")
	}
	seeds := []uint64{1, 2}
	if testing.Short() {
		seeds = seeds[1:]
	}
	for _, seed := range seeds {
		still, err := policytest.Swinging(policytest.Policy(t, "evacuate"), seed).Run() // nobody leaves
		if err != nil || len(still.Moves) > 0 {
			t.Fatalf("without a move: got %d moves and %v", len(still.Moves), err)
		}
		for _, name := range []string{"vickrey", "forward", "priority", "swap", "search", "by_priority"} {
			r, err := policytest.Swinging(policytest.Policy(t, name), seed).Run()
			if err != nil {
				t.Fatal(err)
			}
			f := r.Figures
			t.Logf("%-11s unserved %.4f %% (%.4f %%), %d migrations, %d deals refused, %.1f messages per host and hour",
				name, 100*f.Unserved, 100*still.Figures.Unserved, f.Migrations, f.Refused, f.PerHostHour)
			if f.Unserved > still.Figures.Unserved/50 {
				t.Errorf("%s: got a share of %.5f unserved, want at most a fiftieth of %.5f", name, f.Unserved, still.Figures.Unserved)
			}
			if f.PingPongs > 0 || f.Refused > f.Migrations/5 {
				t.Errorf("%s: got %d moves back within an hour and %d deals refused of %d", name, f.PingPongs, f.Refused, f.Refused+f.Migrations)
			}
		}
	}
}
