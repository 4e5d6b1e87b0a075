package modeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/lcc/check"
	"parley/sim"
)

// enacted reports whether a model gets stuck with these facts: some agent waits at the end. It
// may wait at the beginning of its role, where it knows no partner, and who waits for a fact
// is stuck by that.
func (c *conversation) enacted(t *testing.T, model *lcc.Model, facts []lcc.Term) (stuck bool) {
	t.Helper()
	run := sim.PeerRun{Model: model, Seed: 1}
	for i := range c.parts {
		run.Peers = append(run.Peers, sim.PeerRunPeer{
			Name: fmt.Sprintf("p%d", i), Facts: facts, Start: []lcc.Start{{Role: lcc.NewTerm(fmt.Sprintf("r%d", i), lcc.Int(2))}},
		})
	}
	result, err := run.Run()
	if err != nil {
		t.Fatalf("%v\n%s", err, c.text())
	}
	for _, views := range result.Agents {
		for _, v := range views {
			for _, w := range v.Waits {
				if strings.Contains(w.Text, "pick") || strings.Contains(w.Text, "knows") {
					return false
				}
				stuck = stuck || strings.Contains(w.With, "P")
			}
		}
	}
	return stuck
}

// waits are the codes of what the checker says of an agent that waits for ever.
var waits = []string{check.CodeDeadlock, "LCC018"}

// told are the codes of what it says of roles that play together.
var told = append([]string{check.CodeUnread, check.CodeEndless}, waits...)

func has(found []check.Diagnostic, codes []string) bool {
	return slices.ContainsFunc(found, func(d check.Diagnostic) bool { return slices.Contains(codes, d.Code) })
}

// TestGeneratedModels draws models of two and of three roles, with choices, loops and
// timeouts, and spoils them: the checker finds each deadlock that enacting meets, and says
// nothing of a model as it was drawn.
func TestGeneratedModels(t *testing.T) {
	count := map[int]int{2: 300, 3: 250}
	if testing.Short() {
		count = map[int]int{2: 60, 3: 50}
	}
	for _, roles := range []int{2, 3} {
		r := rand.New(rand.NewPCG(1, uint64(roles)))
		stuck, missed, accused, longest := 0, 0, 0, time.Duration(0)
		for range count[roles] {
			c := draw(r, roles)
			for _, spoiled := range []bool{false, true} {
				if spoiled {
					c.spoil()
				}
				began := time.Now()
				model, found := lcc.Examine("text", []byte(c.text()), nil)
				longest = max(longest, time.Since(began))
				if model == nil {
					t.Fatalf("%v\n%s", found, c.text())
				}
				met := false
				for range 3 {
					met = c.enacted(t, model, c.facts()) || met
				}
				switch {
				case met && !spoiled:
					t.Errorf("a model as it was drawn gets stuck:\n%s", c.text())
				case met:
					stuck++
					if !has(found, waits) {
						missed++
						t.Errorf("a deadlock that the checker does not find:\n%s", c.text())
					}
				case !spoiled && has(found, told):
					accused++
					t.Errorf("a correct model with findings: %v\n%s", found, c.text())
				}
			}
		}
		t.Logf("%d roles: %d of %d spoiled models get stuck, %d are missed; %d correct ones are accused; the checker took %v at most",
			roles, stuck, count[roles], missed, accused, longest)
		if stuck < count[roles]/10 {
			t.Errorf("%d spoiled models of %d roles get stuck, want more", stuck, roles)
		}
	}
}
