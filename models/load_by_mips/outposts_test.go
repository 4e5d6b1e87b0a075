package loadbymips_test

import (
	"path/filepath"
	"testing"
	"time"

	"parley/models"
	"parley/models/policytest"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/scenario"
)

// The central host and its outposts, before everybody asks at once: by instructions hosts
// are closer together than where loads are made even.
func TestOutposts(t *testing.T) {
	outposts, err := scenario.Open(filepath.Join("..", "..", "examples", "scenarios", "outposts.yaml"), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rates := func(policy string, seed uint64) (before, after float64, moves int) {
		p, err := compare.Load(policy, func(name string) ([]byte, error) {
			data, _ := models.Text(name)
			return data, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := outposts.Site(seed, p.Models)
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Guests { // as it is in the first hour, without the walk
			s.Guests[i].Load = sim.Constant(s.Guests[i].Load.At(0))
		}
		s.Limit = 50 * time.Minute
		r, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		return apart(policytest.Executed(s)), apart(policytest.Executed(s, r.Moves...)), len(r.Moves)
	}
	for seed := uint64(1); seed <= 3; seed++ {
		before, mips, moves := rates("load_by_mips", seed)
		_, load, others := rates("agility", seed)
		t.Logf("seed %d: apart by %.3f, then %.3f with %d moves; agility: %.3f with %d", seed, before, mips, moves, load, others)
		if mips > 0.12 || mips > load/2 {
			t.Errorf("seed %d: got hosts apart by %.3f, want at most 0.12 and half of agility's %.3f", seed, mips, load)
		}
	}
}
