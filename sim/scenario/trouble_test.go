package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/race"
	"parley/lcc"
	"parley/models"
	"parley/sim"
)

// Under every policy, with losses, wrong clocks, crashes, a partition, orders, failing
// migrations, moves by hand and guests that end, no invariant breaks, every deal ends,
// and the site comes to rest. PARLEY_SEEDS sets the number of seeds, or a range: 20-59.
func TestPoliciesInTrouble(t *testing.T) {
	if race.Detector {
		t.Skip("TestDeterminism has the detector watch runs beside each other")
	}
	first, last := uint64(0), uint64(4)
	if testing.Short() {
		last = 0
	}
	if text := os.Getenv("PARLEY_SEEDS"); text != "" {
		var err error
		if first, last, err = seedsOf(text); err != nil {
			t.Fatalf("PARLEY_SEEDS is %q: give a number of seeds, or the first and the last: 20-59", text)
		}
	}
	for _, name := range models.Names() {
		if name == "shop" { // not a policy for hosts
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policies := []*lcc.Model{model(t, name)}
			if name == "sender_initiated" { // it uses what gossip notes
				policies = append(policies, model(t, "gossip"))
			}
			for _, file := range []string{"lossy.yaml", "trouble.yaml"} {
				t.Run(file, func(t *testing.T) { manyInTrouble(t, file, first, last, policies) })
			}
		})
	}
}

func manyInTrouble(t *testing.T, file string, first, last uint64, policies []*lcc.Model) {
	var moves int
	var longest time.Duration
	for seed := first; seed <= last; seed++ {
		r := inTrouble(t, file, seed, policies)
		moves += len(r.Moves)
		longest = max(longest, r.Ran)
	}
	t.Logf("seeds %d to %d: %d moves, at rest after %v at the latest", first, last, moves, longest.Round(time.Second))
}

// seedsOf parses a number of seeds, or the first and the last.
func seedsOf(text string) (first, last uint64, err error) {
	from, to, both := strings.Cut(text, "-")
	if !both {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil || n == 0 {
			return 0, 0, strconv.ErrRange
		}
		return 0, n - 1, nil
	}
	if first, err = strconv.ParseUint(from, 10, 32); err != nil {
		return 0, 0, err
	}
	if last, err = strconv.ParseUint(to, 10, 32); err != nil {
		return 0, 0, err
	}
	if last < first {
		return 0, 0, strconv.ErrRange
	}
	return first, last, nil
}

func inTrouble(t *testing.T, file string, seed uint64, policies []*lcc.Model) sim.SiteResult {
	t.Helper()
	s, err := Open(filepath.Join(shipped, file), Options{})
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(seed, policies)
	if err != nil {
		t.Fatal(err)
	}
	r, err := site.Run()
	switch {
	case err != nil:
		t.Errorf("%s: seed %d: %v", file, seed, err)
	case !r.Steady:
		t.Errorf("%s: seed %d: not at rest after %v, with %d moves: %s", file, seed, r.Ran, len(r.Moves), ending(r.Moves))
	}
	return r
}

// ending formats the end of a list.
func ending[T any](list []T) string { return fmt.Sprint(list[max(0, len(list)-3):]) }
