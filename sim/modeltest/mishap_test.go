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

// careful is a conversation in which each wait has a way out: a role that waits too long, or
// whose partner fails, ends, and tells nobody.
type careful struct {
	*rand.Rand
	roles int
	steps []step
	// spoiled is the step whose wait has ways taken away; -1 for none.
	spoiled int
	ways    []string // that it has left
}

// step is a message from one role to another.
type step struct{ from, to int }

// out are the ways out of a wait for %s.
var out = []string{"null <- failed(%s)", "null <- timeout(5)"}

func drawCareful(r *rand.Rand, roles int) *careful {
	for {
		c := &careful{Rand: r, roles: roles, spoiled: -1}
		seen := map[int]bool{}
		for range roles + 1 + c.IntN(4) {
			from := c.IntN(roles)
			c.steps = append(c.steps, step{from, (from + 1 + c.IntN(roles-1)) % roles})
			seen[from], seen[c.steps[len(c.steps)-1].to] = true, true
		}
		if len(seen) == roles {
			return c
		}
	}
}

// spoil leaves one wait with the first way out alone, the second, or none.
func (c *careful) spoil() {
	var waits []int
	for i := range c.steps {
		if c.first(c.steps[i].to) < i {
			waits = append(waits, i)
		}
	}
	if len(waits) > 0 {
		c.spoiled = waits[c.IntN(len(waits))]
		c.ways = [][]string{nil, out[:1], out[:1], out[1:]}[c.IntN(4)]
	}
}

// first is the first step of a role.
func (c *careful) first(role int) int {
	return slices.IndexFunc(c.steps, func(s step) bool { return s.from == role || s.to == role })
}

func (c *careful) text() string {
	var b strings.Builder
	for role := range c.roles {
		fmt.Fprintf(&b, "r(r%d, initial).\n", role)
	}
	for role := range c.roles {
		fmt.Fprintf(&b, "a(r%d, _Me) ::\n    %s\n", role, c.part(role, 0, map[int]bool{}))
	}
	return b.String()
}

// part writes what a role does from a step on. met are the roles with which it has talked.
func (c *careful) part(role, at int, met map[int]bool) string {
	for at < len(c.steps) && c.steps[at].from != role && c.steps[at].to != role {
		at++
	}
	if at == len(c.steps) {
		return "null"
	}
	other, arrow, ways := c.steps[at].to, "=>", out[1:]
	if c.steps[at].to == role {
		other, arrow, ways = c.steps[at].from, "<=", out
	}
	partner := fmt.Sprintf("P%d", other)
	event := fmt.Sprintf("m%d %s a(r%d, %s)", at, arrow, other, partner)
	free := at == c.first(role) || arrow == "=>" && met[other]
	met[other] = true
	rest := event + " then\n    " + c.part(role, at+1, met)
	if free {
		return rest
	}
	if at == c.spoiled && arrow == "<=" {
		ways = c.ways
	}
	text := "((" + rest + ")"
	for _, way := range ways {
		text += " or (" + strings.ReplaceAll(way, "%s", partner) + ")"
	}
	return text + ")"
}

// trouble is what goes wrong in a run: a message that is lost, a peer that fails, or messages that
// are late.
type trouble struct {
	lost, fails int // a step, a role; -1 for none
	late        time.Duration
}

func (c *careful) trouble(kind int) trouble {
	t := trouble{lost: -1, fails: -1}
	switch kind % 4 {
	case 1:
		t.lost = c.IntN(len(c.steps))
	case 2:
		t.fails = c.IntN(c.roles)
	case 3:
		t.late = 12 * time.Second
	}
	return t
}

// enacted reports whether some agent waits at the end for one who told it nothing. Who waits for
// the peer that failed or for the message that was lost, or for one who does, is not meant; nor is
// one that waits at its beginning.
func (c *careful) enacted(t *testing.T, model *lcc.Model, what trouble) (stuck []string) {
	t.Helper()
	run := sim.PeerRun{Model: model, Seed: c.Uint64(), Network: sim.Network{Jitter: what.late}}
	for role := range c.roles {
		run.Peers = append(run.Peers, sim.PeerRunPeer{
			Name: fmt.Sprintf("p%d", role), Start: []lcc.Start{{Role: lcc.Atom(fmt.Sprintf("r%d", role))}},
		})
	}
	excused := map[int]bool{}
	if what.lost >= 0 {
		s := c.steps[what.lost]
		lost, err := lcc.ParsePattern(fmt.Sprintf("m%d", what.lost))
		if err != nil {
			t.Fatal(err)
		}
		run.Script = append(run.Script, sim.Act{
			Kind: sim.Lose, Peer: fmt.Sprintf("p%d", s.from), To: fmt.Sprintf("p%d", s.to), What: lost, Count: 1,
		})
	}
	if what.fails >= 0 {
		excused[what.fails] = true
		at := time.Duration(c.IntN(2*len(c.steps))) * time.Millisecond
		run.Script = append(run.Script, sim.Act{Kind: sim.Crash, Peer: fmt.Sprintf("p%d", what.fails), At: at})
	}
	result, err := run.Run()
	if err != nil {
		t.Fatalf("%v\n%s", err, c.text())
	}
	waits := map[int][]int{} // the steps at which a role waits
	for role := range c.roles {
		for _, v := range result.Agents[fmt.Sprintf("p%d", role)] {
			for _, w := range v.Waits {
				var at int
				if _, err := fmt.Sscanf(w.Text, "m%d ", &at); err == nil {
					waits[role] = append(waits[role], at)
				}
			}
		}
	}
	for before := -1; before != len(excused); {
		before = len(excused)
		for role, at := range waits {
			for _, i := range at {
				if s := c.steps[i]; i == what.lost && s.to == role || excused[s.from+s.to-role] {
					excused[role] = true
				}
			}
		}
	}
	for role := range c.roles {
		if len(waits[role]) > 0 && !excused[role] && waits[role][0] != c.first(role) {
			stuck = append(stuck, fmt.Sprintf("r%d at m%d", role, waits[role][0]))
		}
	}
	return stuck
}

// TestGeneratedMishaps draws conversations in which messages are lost or late and peers fail, and
// takes away ways out of a wait: the checker finds each agent that waits for one who gave up, and
// says nothing where each wait has its ways out.
func TestGeneratedMishaps(t *testing.T) {
	count := map[int]int{2: 300, 3: 250}
	if testing.Short() {
		count = map[int]int{2: 30, 3: 30}
	}
	const runs = 24
	for _, roles := range []int{2, 3} {
		r := rand.New(rand.NewPCG(3, uint64(roles)))
		stuck, longest := 0, time.Duration(0)
		for range count[roles] {
			c := drawCareful(r, roles)
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
				var met []string
				for kind := range runs {
					what := c.trouble(kind)
					if who := c.enacted(t, model, what); len(who) > 0 && met == nil {
						met = append(who, fmt.Sprintf("%+v", what))
					}
				}
				harmless := !spoiled || c.spoiled < 0 || len(c.ways) == 1 && c.ways[0] == out[1]
				switch {
				case met != nil && harmless:
					t.Errorf("a model whose waits have their ways out gets stuck: %v\n%s", met, c.text())
				case met != nil:
					stuck++
					if !has(found, append([]string{"LCC014"}, waits...)) {
						t.Errorf("a deadlock that the checker does not find: %v, %v\n%s", met, found, c.text())
					}
				case harmless && has(found, append([]string{"LCC014"}, told...)):
					t.Errorf("a correct model with findings: %v\n%s", found, c.text())
				}
				if d := slices.IndexFunc(found, func(d check.Diagnostic) bool { return d.Code == check.CodeBounded }); d >= 0 {
					t.Errorf("explored in part: %v\n%s", found[d], c.text())
				}
			}
		}
		t.Logf("%d roles: %d of %d spoiled models get stuck; the checker took %v at most", roles, stuck, count[roles], longest)
		if stuck < count[roles]/40 {
			t.Errorf("%d spoiled models of %d roles get stuck, want more", stuck, roles)
		}
	}
}
