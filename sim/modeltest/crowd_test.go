package modeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/lcc/vocabulary"
	"parley/sim"
)

// crowd is a conversation of one leader with several followers, which all do the same.
type crowd struct {
	*rand.Rand
	size     int // followers
	leader   script
	follower script
	names    int // of messages and variables
}

// doing is the vocabulary of the followers: an action, which fails where no fact answers it.
var doing = &vocabulary.Set{Predicates: []vocabulary.Signature{
	{Name: "does", Acts: true, Params: []vocabulary.Param{{Name: "What", Mode: vocabulary.In}}},
}}

func drawCrowd(r *rand.Rand, size int) *crowd {
	c := &crowd{Rand: r, size: size}
	c.tell()
	for range 1 + c.IntN(3) {
		switch c.IntN(3) {
		case 0:
			c.tell()
		case 1:
			c.collect()
		default:
			c.choose()
		}
	}
	return c
}

// tell adds a message to all.
func (c *crowd) tell() {
	c.names++
	c.leader = append(c.leader, piece{event: fmt.Sprintf("m%d => a(f, _)", c.names)})
	c.follower = append(c.follower, piece{event: fmt.Sprintf("m%d <= a(l, P0)", c.names)})
}

// collect adds an answer of each follower, which may depend on whether an action succeeds.
func (c *crowd) collect() (peers []string) {
	c.names++
	yes := piece{event: fmt.Sprintf("m%d => a(l, P0) <- does(%d)", c.names, c.names)}
	no := piece{event: fmt.Sprintf("m%d => a(l, P0)", c.names)}
	if c.IntN(2) == 0 {
		c.follower = append(c.follower, no)
	} else {
		no.event = fmt.Sprintf("n%d => a(l, P0)", c.names)
		c.follower = append(c.follower, piece{branches: []script{{yes}, {no}}})
	}
	both := c.follower[len(c.follower)-1].branches != nil
	for i := range c.size {
		peer := fmt.Sprintf("P%d_%d", c.names, i)
		peers = append(peers, peer)
		taken := piece{event: fmt.Sprintf("m%d <= a(f, %s)", c.names, peer)}
		if both {
			other := piece{event: fmt.Sprintf("n%d <= a(f, %s)", c.names, peer)}
			taken = piece{branches: []script{{taken}, {other}}}
		}
		c.leader = append(c.leader, taken)
	}
	return peers
}

// choose adds an answer of each, of which the first is chosen; all are told.
func (c *crowd) choose() {
	peers := c.collect()
	c.names++
	for i, peer := range peers {
		word := "no"
		if i == 0 {
			word = "yes"
		}
		c.leader = append(c.leader, piece{event: fmt.Sprintf("%s%d => a(f, %s)", word, c.names, peer)})
	}
	var ways []script
	for _, word := range []string{"yes", "no"} {
		ways = append(ways, script{{event: fmt.Sprintf("%s%d <= a(l, P0)", word, c.names)}})
	}
	c.follower = append(c.follower, piece{branches: ways})
}

// spoil takes an event out, or a branch, or exchanges two neighbours, behind the first message.
func (c *crowd) spoil() {
	part := &c.leader
	if c.IntN(2) == 0 {
		part = &c.follower
	}
	if len(*part) < 2 {
		return
	}
	i := 1 + c.IntN(len(*part)-1)
	p := &(*part)[i]
	switch {
	case p.branches != nil && c.IntN(2) == 0:
		b := c.IntN(2)
		p.branches = slices.Delete(slices.Clone(p.branches), b, b+1)
	case i+1 < len(*part) && c.IntN(2) == 0:
		(*part)[i], (*part)[i+1] = (*part)[i+1], (*part)[i]
	default:
		*part = slices.Delete(*part, i, i+1)
	}
}

func (c *crowd) text() string {
	return fmt.Sprintf("r(l, initial). r(f, initial, %d, %d).\na(l, Me) ::\n    %s\na(f, Me) ::\n    %s\n", c.size, c.size,
		c.leader.text("    "), c.follower.text("    "))
}

// enacted reports whether some agent waits at the end for a message. One that waits for a partner
// that plays a role, or at an action, is stuck by that.
func (c *crowd) enacted(t *testing.T, model *lcc.Model) (stuck bool) {
	t.Helper()
	run := sim.PeerRun{Model: model, Seed: c.Uint64(), Peers: []sim.PeerRunPeer{{Name: "l", Start: []lcc.Start{{Role: lcc.Atom("l")}}}}}
	for i := range c.size {
		var facts []lcc.Term
		for n := range c.names {
			if c.IntN(2) == 0 {
				facts = append(facts, lcc.NewTerm("does", lcc.Int(n+1)))
			}
		}
		run.Peers = append(run.Peers, sim.PeerRunPeer{
			Name: fmt.Sprintf("f%d", i), Facts: facts, Start: []lcc.Start{{Role: lcc.Atom("f")}},
		})
	}
	result, err := run.Run()
	if err != nil {
		t.Fatalf("%v\n%s", err, c.text())
	}
	for _, views := range result.Agents {
		for _, v := range views {
			for _, w := range v.Waits {
				if strings.Contains(w.Text, "=> a(") {
					return false
				}
				stuck = stuck || !v.Begins && strings.Contains(w.Text, "<= a(")
			}
		}
	}
	return stuck
}

// TestGeneratedCrowds draws models of a leader and of two or three followers, some with actions
// that fail: the checker finds each deadlock that enacting meets, and says nothing of a model as
// it was drawn.
func TestGeneratedCrowds(t *testing.T) {
	count := 150
	if testing.Short() {
		count = 30
	}
	for _, size := range []int{2, 3} {
		r := rand.New(rand.NewPCG(2, uint64(size)))
		stuck, longest := 0, time.Duration(0)
		for range count {
			c := drawCrowd(r, size)
			for _, spoiled := range []bool{false, true} {
				if spoiled {
					c.spoil()
				}
				began := time.Now()
				model, found := lcc.Examine("text", []byte(c.text()), doing)
				longest = max(longest, time.Since(began))
				if model == nil {
					t.Fatalf("%v\n%s", found, c.text())
				}
				met := false
				for range 3 {
					met = c.enacted(t, model) || met
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
		t.Logf("%d followers: %d of %d spoiled models get stuck; the checker took %v at most", size, stuck, count, longest)
		if stuck < count/10 {
			t.Errorf("%d spoiled models with %d followers get stuck, want more", stuck, size)
		}
	}
}
