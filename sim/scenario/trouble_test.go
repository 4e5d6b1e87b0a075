package scenario

import (
	"fmt"
	"path/filepath"
	"testing"

	"parley/lcc"
	"parley/models"
)

// Whatever the policy: with losses, wrong clocks, crashes and a partition no
// invariant breaks, every deal ends, and the site comes to rest.
func TestPoliciesInTrouble(t *testing.T) {
	seeds := uint64(10)
	if testing.Short() {
		seeds = 1
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
			s, err := Open(filepath.Join(shipped, "lossy.yaml"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			for seed := range seeds {
				site, err := s.Site(seed, policies)
				if err != nil {
					t.Fatal(err)
				}
				r, err := site.Run()
				switch {
				case err != nil:
					t.Error(err)
				case !r.Steady:
					t.Errorf("seed %d: not at rest after %v, with %d moves: %s", seed, r.Ran, len(r.Moves), last(r.Moves))
				}
			}
		})
	}
}

// last shows the end of a list.
func last[T any](list []T) string { return fmt.Sprint(list[max(0, len(list)-3):]) }
