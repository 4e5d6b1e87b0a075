package modeltest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// recruiting is a model in the manner of policies: all begin as idle. One of them has a reason to
// lead, calls another one, and the two hold a conversation in roles of their own.
type recruiting struct{ *conversation }

func drawRecruiting(r *rand.Rand) *recruiting {
	c := &recruiting{draw(r, 2)}
	if c.IntN(2) == 0 && !c.parts[1].again() {
		c.parts[1] = append(c.parts[1], piece{event: "a(idle, Me)", again: true})
	}
	return c
}

// again reports whether a script ends in its own role again.
func (s script) again() bool { return s[len(s)-1].again }

func (c *recruiting) text() string {
	return fmt.Sprintf(`r(idle, initial).
a(idle, Me) ::
    (call => a(idle, P1) <- leads then a(calling(P1), Me))
    or (call <= a(idle, P0) then ok => a(calling(_), P0) then a(r1(2, P0), Me))
a(calling(P1), Me) :: (ok <= a(idle, P1) then a(r0(2, P1), Me)) or null <- failed(P1)
a(r0(N, P1), Me) ::
    %s
a(r1(N, P0), Me) ::
    %s
`, c.named(0), c.named(1))
}

// named is a part whose roles know their partners.
func (c *recruiting) named(i int) string {
	text := c.parts[i].text("    ")
	other := fmt.Sprintf("P%d", 1-i)
	text = strings.ReplaceAll(text, fmt.Sprintf("a(r%d(_), ", 1-i), fmt.Sprintf("a(r%d(_, _), ", 1-i))
	for _, n := range []string{"N", "M"} {
		text = strings.ReplaceAll(text, fmt.Sprintf("a(r%d(%s), Me)", i, n), fmt.Sprintf("a(r%d(%s, %s), Me)", i, n, other))
	}
	return text
}

// enacted reports whether some agent waits at the end, unless it is idle.
func (c *recruiting) enacted(t *testing.T, model *lcc.Model, peers int) (stuck bool) {
	t.Helper()
	run := sim.PeerRun{Model: model, Seed: c.Uint64()}
	for i := range peers {
		facts := c.facts()
		if i == 0 {
			facts = append(facts, lcc.Atom("leads"))
		}
		run.Peers = append(run.Peers, sim.PeerRunPeer{
			Name: fmt.Sprintf("p%d", i), Facts: facts, Start: []lcc.Start{{Role: lcc.Atom("idle")}},
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
				stuck = stuck || strings.HasPrefix(w.Text, "m")
			}
		}
	}
	return stuck
}

// TestGeneratedRecruiting draws models whose agents all begin as idle, two and three of them.
func TestGeneratedRecruiting(t *testing.T) {
	count := 200
	if testing.Short() {
		count = 40
	}
	r := rand.New(rand.NewPCG(4, 2))
	stuck, longest := 0, time.Duration(0)
	for range count {
		c := drawRecruiting(r)
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
			for run := range 4 {
				met = c.enacted(t, model, 2+run%2) || met
			}
			switch {
			case met && !spoiled:
				t.Errorf("a model as it was drawn gets stuck:\n%s", c.text())
			case met:
				stuck++
				if !has(found, waits) {
					t.Errorf("a deadlock that the checker does not find: %v\n%s", found, c.text())
				}
			case !spoiled && has(found, told):
				t.Errorf("a correct model with findings: %v\n%s", found, c.text())
			}
		}
	}
	t.Logf("%d of %d spoiled models get stuck; the checker took %v at most", stuck, count, longest)
	if stuck < count/10 {
		t.Errorf("%d spoiled models get stuck, want more", stuck)
	}
}
