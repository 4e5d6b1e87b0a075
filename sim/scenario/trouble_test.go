package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"parley/lcc"
	"parley/models"
)

// Whatever the policy: with losses, wrong clocks, crashes, a partition, orders,
// failing migrations, moves by hand and guests that end, no invariant breaks, every deal
// ends, and the site comes to rest. PARLEY_SEEDS says how many seeds.
func TestPoliciesInTrouble(t *testing.T) {
	seeds := uint64(10)
	if testing.Short() {
		seeds = 1
	}
	if text := os.Getenv("PARLEY_SEEDS"); text != "" {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			t.Fatalf("PARLEY_SEEDS is %q: give a number", text)
		}
		seeds = n
	}
	for _, name := range models.Names() {
		if name == "shop" { // no policy of hosts
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policies := []*lcc.Model{model(t, name)}
			if name == "sender_initiated" { // it goes by what gossip notes
				policies = append(policies, model(t, "gossip"))
			}
			for _, file := range []string{"lossy.yaml", "trouble.yaml"} {
				for seed := range seeds {
					inTrouble(t, file, seed, policies)
				}
			}
		})
	}
}

func inTrouble(t *testing.T, file string, seed uint64, policies []*lcc.Model) {
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
		t.Errorf("%s: %v", file, err)
	case !r.Steady:
		t.Errorf("%s: seed %d: not at rest after %v, with %d moves: %s", file, seed, r.Ran, len(r.Moves), last(r.Moves))
	}
}

// last shows the end of a list.
func last[T any](list []T) string { return fmt.Sprint(list[max(0, len(list)-3):]) }
