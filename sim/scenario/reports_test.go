package scenario

import (
	"path/filepath"
	"testing"

	"parley/internal/race"
	"parley/lcc"
)

// The scenarios of problems that people reported about balancers meet their
// expectations, with each policy that they name.
func TestReports(t *testing.T) {
	if race.Detector {
		t.Skip("TestDeterminism has the detector watch runs beside each other")
	}
	files, err := filepath.Glob(filepath.Join(shipped, "reports", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d scenarios (%v), want some", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s, err := Open(file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Expect) == 0 || len(s.Policies) == 0 {
				t.Fatal("it expects nothing, or names no policy")
			}
			for _, name := range s.Policies {
				t.Run(name, func(t *testing.T) { reported(t, s, name) })
			}
		})
	}
}

func reported(t *testing.T, s *Scenario, name string) {
	t.Parallel()
	var policies []*lcc.Model
	if name != "none" {
		policies = append(policies, model(t, name))
	}
	site, err := s.Site(1, policies)
	if err != nil {
		t.Fatal(err)
	}
	r, err := site.Run()
	if err != nil {
		t.Fatal(err)
	}
	for _, unmet := range r.Unmet {
		t.Error(unmet)
	}
}
