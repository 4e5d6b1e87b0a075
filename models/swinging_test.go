package models_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// swinging is a site whose guests use more and less CPU over six hours, each at
// its own time, with noise.
func swinging(model *lcc.Model, seed uint64) sim.Site {
	s := ranked(uneven(model, 8, 56, seed))
	chance := rand.New(rand.NewPCG(seed, 3))
	for i := range s.Guests {
		g := &s.Guests[i]
		phase, base, noise := chance.Float64()*2*math.Pi, 0.25+0.4*chance.Float64(), 0.0
		load := &sim.Samples{Step: 5 * time.Minute, Cores: g.Declared.CPU}
		for k := range 6 * 12 {
			noise = 0.9*noise + 0.08*chance.NormFloat64()
			share := base + 0.25*math.Sin(phase+float64(k)/72*2*math.Pi) + noise
			load.Values = append(load.Values, float32(min(1, max(0.02, share))))
		}
		g.Load = load
	}
	s.Limit, s.Quiet = 6*time.Hour, -1
	s.Config.Cooldown = 0              // the standard one
	s.Config.ReturnAfter = time.Second // the policies see to it themselves
	return s
}

// Loads that swing: what guests do not get falls to a fiftieth of what it is without
// moves, few deals are refused, and no guest goes back and forth.
func TestSwingingLoad(t *testing.T) {
	seeds := []uint64{1, 2}
	if testing.Short() {
		seeds = seeds[1:]
	}
	for _, seed := range seeds {
		still, err := swinging(policy(t, "evacuate"), seed).Run() // nobody leaves
		if err != nil || len(still.Moves) > 0 {
			t.Fatalf("without a move: got %d moves and %v", len(still.Moves), err)
		}
		for _, name := range []string{"vickrey", "forward", "priority", "swap", "search"} {
			r, err := swinging(policy(t, name), seed).Run()
			if err != nil {
				t.Fatal(err)
			}
			f := r.Figures
			t.Logf("%-8s unserved %.4f %% (%.4f %%), %d migrations, %d deals refused, %.1f messages per host and hour",
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
