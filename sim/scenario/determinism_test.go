package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/hostagent"
	"parley/internal/race"
	"parley/lcc"
	"parley/models"
	"parley/sim"
)

const shipped = "../../examples/scenarios"

// shippedScenarios opens all files in examples/scenarios, each in a subtest; it skips
// those whose traces are missing.
func shippedScenarios(t *testing.T, each func(t *testing.T, s *Scenario)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shipped, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d scenarios (%v), want some", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s, err := Open(file, Options{Data: os.Getenv("PARLEY_DATA")})
			if err != nil {
				t.Fatal(err)
			}
			for i := range s.Guests {
				if path, err := s.tracePath(i); err != nil || path != "" && !exists(path) {
					t.Skip("its traces are not here: docs/scenarios.md says where to get them; set PARLEY_DATA")
				}
			}
			each(t, s)
		})
	}
}

// reduced makes a large site small, and a long run short.
func reduced(s *Scenario, limit time.Duration) {
	const hosts = 40
	if n := len(s.hosts()); n > hosts {
		share := float64(hosts) / float64(n)
		for i := range s.Hosts {
			s.Hosts[i].Count = max(1, int(share*float64(s.Hosts[i].Count)))
		}
		for i, g := range s.Guests {
			if s.Guests[i].Count = int(share * float64(g.Count)); g.Load.Kind == "trace" {
				s.Guests[i].Count = hosts
			}
		}
	}
	if s.Run.Limit == 0 || s.Run.Limit > limit {
		s.Run.Limit = limit
	}
}

func model(t *testing.T, name string) *lcc.Model {
	t.Helper()
	text, ok := models.Text(name)
	if !ok {
		t.Fatalf("no model %s", name)
	}
	model, found := lcc.Compile(name, text, hostagent.Vocabulary())
	if model == nil {
		t.Fatal(found)
	}
	return model
}

// digest runs a scenario, and hashes its result and its story.
func digest(s *Scenario, policies []*lcc.Model) (string, error) {
	site, err := s.Site(7, policies)
	if err != nil {
		return "", err
	}
	sum, lines := sha256.New(), 0
	site.Course = true
	site.OnEntry = func(t sim.Entry) {
		lines++
		fmt.Fprintf(sum, "%d %q %q %q %q\n", t.At, t.Host, t.Kind, t.Guest, t.Text)
	}
	r, err := site.Run()
	if err != nil {
		return "", err
	}
	result, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	sum.Write(result)
	return fmt.Sprintf("%d lines, %d moves, %s", lines, len(r.Moves), hex.EncodeToString(sum.Sum(nil))), nil
}

// The same scenario and seed give the same result and story, on one processor and on
// several, alone and beside another run.
func TestDeterminism(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	limit, processors := 8*time.Minute, []int{1, 2, 4}
	switch {
	case race.Detector:
		limit, processors = time.Minute, []int{2} // where two runs are beside each other
	case testing.Short():
		limit = 4 * time.Minute
	}
	shippedScenarios(t, func(t *testing.T, s *Scenario) {
		reduced(s, limit)
		var policies []*lcc.Model
		for _, name := range strings.Split(append(s.Policies, "agility")[0], "+") {
			if name, _, _ = strings.Cut(name, "["); name != "none" {
				policies = append(policies, model(t, name))
			}
		}
		var want string
		for _, processors := range processors {
			runtime.GOMAXPROCS(processors)
			digests := make([]string, 1+processors%4/2) // two concurrent runs on two processors
			var group errgroup.Group
			for i := range digests {
				group.Go(func() (err error) {
					digests[i], err = digest(s, policies)
					return err
				})
			}
			if err := group.Wait(); err != nil {
				t.Fatal(err)
			}
			for _, got := range digests {
				if want == "" {
					want = got
					t.Log(want)
				}
				if got != want {
					t.Errorf("%d processors: got %s, want %s", processors, got, want)
				}
			}
		}
	})
}

// Different seeds give different sites and runs.
func TestSeedsDiffer(t *testing.T) {
	s, err := Open(filepath.Join(shipped, "lossy.yaml"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Site(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Site(2, nil)
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for i := range first.Guests {
		if first.Guests[i].Load == second.Guests[i].Load {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d of %d guests have the same load with another seed, want none", same, len(first.Guests))
	}
}
