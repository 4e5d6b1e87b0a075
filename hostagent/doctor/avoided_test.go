package doctor

import (
	"strings"
	"testing"

	"parley/hostagent/api"
)

// What to do names the guest and the host where they are known.
func TestAvoidedNames(t *testing.T) {
	found := avoided(api.Status{
		BackOff: []api.BackOffStatus{{Name: "h2", Guests: []string{"web"}}, {Name: "h3", Whole: true, Guests: []string{"web", "db"}}},
		Duels:   []api.DuelStatus{{Name: "shop"}, {Name: "of two words"}},
	})
	want := []string{"`parley migrate web h2`", "`parley migrate GUEST h3`", "`parley pin shop`", "`parley pin GUEST`"}
	if len(found) != len(want) {
		t.Fatalf("got %v, want %d findings", found, len(want))
	}
	for n, f := range found {
		if !strings.Contains(f.Remedy, want[n]) {
			t.Errorf("%s: got %q, want %s", f.Check, f.Remedy, want[n])
		}
	}
}
