package agility_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/lcc"
	"parley/models/policytest"
	"parley/sim"
)

// A host that refuses to be underloaded is left alone: nobody asks it and nothing
// comes to it. The others become even, and it may still give what it has too much.
func TestRefusedRole(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := policytest.Uneven(policytest.Policy(t, "agility"), 8, 40, seed)
			last := &s.Hosts[len(s.Hosts)-1]
			last.Refuse = []string{"underloaded"}
			asked := false
			s.OnEntry = func(entry sim.Entry) {
				if entry.Kind == string(lcc.RecordSend) && strings.HasPrefix(entry.Text, "to "+last.Name+":") {
					asked = true
				}
			}
			r := policytest.Run(t, s)
			if asked {
				t.Error("the host that refuses the role was spoken to")
			}
			for _, m := range r.Moves {
				if m.To == last.Name {
					t.Errorf("got the move %v, want none to the host that refuses the role", m)
				}
			}
			others := len(s.Hosts) - 1
			if before, after := policytest.Spread(r.Before[:others]), policytest.Spread(r.After[:others]); len(r.Moves) == 0 || after > 0.07 ||
				after > before/2 {
				t.Errorf("spread of the others: got %.3f after %.3f with %d moves, want at most 0.07 and half", after, before, len(r.Moves))
			}
		})
	}
}

// Who refuses to take still gives.
func TestRefusedRoleGives(t *testing.T) {
	s := policytest.Uneven(policytest.Policy(t, "agility"), 4, 20, 1)
	s.Hosts[0].Refuse = []string{"underloaded"}
	r := policytest.Run(t, s)
	gave := 0
	for _, m := range r.Moves {
		if m.To == s.Hosts[0].Name {
			t.Errorf("got the move %v, want none to the host that refuses the role", m)
		}
		if m.From == s.Hosts[0].Name {
			gave++
		}
	}
	if gave == 0 || policytest.Spread(r.After) > 0.07 {
		t.Errorf("got %d guests given and a spread of %.3f, want some and at most 0.07", gave, policytest.Spread(r.After))
	}
}
