package scenario

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/lcc"
)

// TestLooksOfADay counts the looks and the steps of the solver on 60 hosts, whose loads
// change all the time: what changes nothing costs nothing. The bounds are what they take
// now and a tenth; a change of the policy may need others, one of the calculus must not.
func TestLooksOfADay(t *testing.T) {
	span := 24 * time.Hour
	most := lcc.Work{Looks: 142_000, Steps: 12_800_000}
	if testing.Short() {
		span, most = time.Hour, lcc.Work{Looks: 13_500, Steps: 3_400_000}
	}
	s, err := Open(filepath.Join("..", "..", "examples", "scenarios", "agility_day.yaml"), Options{Data: os.Getenv("PARLEY_DATA")})
	if err != nil {
		t.Fatal(err)
	}
	if path, err := s.tracePath(0); err != nil || !exists(path) {
		t.Skip("its traces are not here: docs/scenarios.md says where to get them; set PARLEY_DATA")
	}
	site, err := s.Site(1, []*lcc.Model{model(t, "agility")})
	if err != nil {
		t.Fatal(err)
	}
	run, err := site.Start()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.To(span); err != nil {
		t.Fatal(err)
	}
	got := run.Work()
	t.Logf("%d looks, %d steps, %.0f each", got.Looks, got.Steps, float64(got.Steps)/float64(got.Looks))
	if got.Looks > most.Looks || got.Steps > most.Steps {
		t.Errorf("got %d looks and %d steps, want at most %d and %d", got.Looks, got.Steps, most.Looks, most.Steps)
	}
	if got.Looks < most.Looks/2 || got.Steps < most.Steps/4 {
		t.Errorf("got %d looks and %d steps, far fewer than the bounds %d and %d: lower the bounds", got.Looks, got.Steps, most.Looks, most.Steps)
	}
}
