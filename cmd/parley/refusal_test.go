package main

import (
	"fmt"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
)

// What ends a refusal names the guest of the order.
func TestRefusalNamesGuest(t *testing.T) {
	for guest, want := range map[string]string{"web": "`parley pin web --off`", "": "`parley pin GUEST --off`"} {
		err := fmt.Errorf("migrate: %w", &api.Refused{Why: api.Refusal{Code: string(hostagent.CodePinned), Detail: "it is pinned"}, Guest: guest})
		if got := marked(err); !strings.HasSuffix(got, "it is pinned ("+want+")") {
			t.Errorf("of guest %q: got %q, want %s at its end", guest, got, want)
		}
	}
}
