package modeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// serving is a model of a role that is offered, and of those that begin a conversation with it:
// one or several, each of which it answers in an agent of its own.
type serving struct {
	*conversation
	loops bool
}

func drawServing(r *rand.Rand) *serving {
	for {
		c := &serving{draw(r, 2), r.IntN(2) == 0}
		first := c.parts[1][0]
		if !slices.ContainsFunc(c.parts, script.again) && strings.Contains(first.event, "<=") {
			return c
		}
	}
}

func (c *serving) text() string {
	server := c.parts[1]
	if c.loops {
		server = append(slices.Clone(server), piece{event: "a(server, Me)"})
	}
	text := fmt.Sprintf("r(client, initial). r(server, necessary).\na(client, Me) ::\n    %s\na(server, Me) ::\n    %s\n",
		c.parts[0].text("    "), server.text("    "))
	return strings.NewReplacer("a(r0(_), ", "a(client, ", "a(r1(_), ", "a(server, ").Replace(text)
}

// enacted reports whether some agent waits at the end, unless it is a server for its next client.
func (c *serving) enacted(t *testing.T, model *lcc.Model, clients int) (stuck bool) {
	t.Helper()
	run := sim.PeerRun{Model: model, Seed: c.Uint64(), Peers: []sim.PeerRunPeer{
		{Name: "s", Facts: c.facts(), Subscribe: []string{"server"}},
	}}
	for i := range clients {
		run.Peers = append(run.Peers, sim.PeerRunPeer{
			Name: fmt.Sprintf("c%d", i), Facts: c.facts(), Start: []lcc.Start{{Role: lcc.Atom("client")}},
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

// TestGeneratedServing draws models of a role that answers one, two and three others.
func TestGeneratedServing(t *testing.T) {
	count := 200
	if testing.Short() {
		count = 40
	}
	r := rand.New(rand.NewPCG(5, 2))
	stuck, longest := 0, time.Duration(0)
	for range count {
		c := drawServing(r)
		for _, spoiled := range []bool{false, true} {
			if spoiled {
				if c.spoil(); len(c.parts[1]) == 0 || !strings.Contains(c.parts[1][0].event, "<=") {
					continue // it begins with no message, so it is offered to nobody
				}
			}
			began := time.Now()
			model, found := lcc.Examine("text", []byte(c.text()), nil)
			longest = max(longest, time.Since(began))
			if model == nil {
				t.Fatalf("%v\n%s", found, c.text())
			}
			met := false
			for run := range 3 {
				met = c.enacted(t, model, 1+run) || met
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
