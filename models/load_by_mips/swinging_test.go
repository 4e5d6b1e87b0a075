package loadbymips_test

import (
	"testing"

	"parley/hostagent"
	"parley/models/policytest"
)

// Loads that swing: hosts follow them with few moves, few deals are refused, and no guest is
// back within the hour.
func TestSwingingRates(t *testing.T) {
	still, err := policytest.Counted(policytest.Swinging(policytest.Policy(t, "evacuate"), 2)).Run() // nobody leaves
	if err != nil {
		t.Fatal(err)
	}
	s := policytest.Counted(policytest.Swinging(policytest.Policy(t, "load_by_mips"), 2))
	s.Config.ReturnAfter = hostagent.DefaultConfig().ReturnAfter
	r, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	f := r.Figures
	t.Logf("unserved %.4f %% (%.4f %%), %d migrations, %d deals refused, %.1f messages per host and hour",
		100*f.Unserved, 100*still.Figures.Unserved, f.Migrations, f.Refused, f.PerHostHour)
	if f.Unserved > still.Figures.Unserved/10 {
		t.Errorf("got a share of %.5f unserved, want at most a tenth of %.5f", f.Unserved, still.Figures.Unserved)
	}
	if f.PingPongs > 0 || f.Refused > f.Migrations/5 || f.Migrations == 0 || f.Migrations > 100 {
		t.Errorf("got %d moves, %d of them back within an hour, and %d deals refused; want some, at most 100, 0 and a fifth", f.Migrations,
			f.PingPongs, f.Refused)
	}
}
