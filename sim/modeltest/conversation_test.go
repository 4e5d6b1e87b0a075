package modeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"parley/lcc"
)

// conversation is one as its roles see it: what each sends and receives. It is drawn as a
// whole and then taken apart, so that each role fits the others: a message waits for its
// receiver, and who chooses a branch tells all others.
type conversation struct {
	*rand.Rand
	parts   []script // one for each role
	names   int      // of messages
	choices int
}

// script is what a role does, in order.
type script []piece

// piece is an event, or a choice.
type piece struct {
	event    string
	branches []script
	again    bool // it ends in the role again, so nothing stands behind it
}

func draw(r *rand.Rand, roles int) *conversation {
	for {
		c := &conversation{Rand: r, parts: make([]script, roles)}
		c.steps(c.parts, 2+c.IntN(4), 2)
		if c.IntN(3) == 0 {
			c.loop()
		}
		if !slices.ContainsFunc(c.parts, func(own script) bool { return len(own) == 0 }) {
			return c
		}
	}
}

// steps adds some events to the parts of the roles.
func (c *conversation) steps(parts []script, n, depth int) {
	for range n {
		from := c.IntN(len(parts))
		to := (from + 1 + c.IntN(len(parts)-1)) % len(parts)
		switch k := c.IntN(8); {
		case k == 0 && depth > 0:
			c.choice(parts, from, depth)
		case k == 1:
			c.question(parts, from, to)
		default:
			parts[from], parts[to] = c.message(parts[from], parts[to], from, to, "")
		}
	}
}

// message adds a message to the parts of both.
func (c *conversation) message(sender, receiver script, from, to int, guard string) (script, script) {
	c.names++
	send := piece{event: fmt.Sprintf("m%d => a(r%d(_), P%d)%s", c.names, to, to, guard)}
	return append(sender, send), append(receiver, piece{event: fmt.Sprintf("m%d <= a(r%d(_), P%d)", c.names, from, from)})
}

// question adds a question that is answered or not, and that is not waited for without end.
func (c *conversation) question(parts []script, from, to int) {
	parts[from], parts[to] = c.message(parts[from], parts[to], from, to, "")
	answer, taken := c.message(nil, nil, to, from, fmt.Sprintf(" <- knows(%d)", c.names))
	parts[to] = append(parts[to], piece{branches: []script{answer, {{event: "null"}}}})
	ways := []script{taken, {{event: "null <- timeout(5)"}}}
	if c.IntN(2) == 0 {
		ways = append(ways, script{{event: fmt.Sprintf("null <- failed(P%d)", to)}})
	}
	parts[from] = append(parts[from], piece{branches: ways})
}

// choice adds branches of which one role chooses one.
func (c *conversation) choice(parts []script, leader, depth int) {
	c.choices++
	number := c.choices
	pieces := make([]piece, len(parts))
	count := 2 + c.IntN(2)
	for b := range count {
		branch := make([]script, len(parts))
		guard := fmt.Sprintf(" <- pick(%d, %d)", number, b)
		if b == count-1 {
			guard = ""
		}
		c.tell(branch, leader, guard)
		c.steps(branch, c.IntN(3), depth-1)
		for i := range parts {
			pieces[i].branches = append(pieces[i].branches, branch[i])
		}
	}
	for i := range parts {
		parts[i] = append(parts[i], pieces[i])
	}
}

// tell adds a message of one role to each of the others.
func (c *conversation) tell(parts []script, leader int, guard string) {
	for i := range parts {
		if i != leader {
			parts[leader], parts[i] = c.message(parts[leader], parts[i], leader, i, guard)
			guard = ""
		}
	}
}

// loop has all roles begin again as long as one of them says so, which counts. Before that
// each of the others tells it that it has come so far: else a message of the next round could
// be taken for one of this round.
func (c *conversation) loop() {
	leader := c.IntN(len(c.parts))
	for i := range c.parts {
		if i != leader {
			c.parts[i], c.parts[leader] = c.message(c.parts[i], c.parts[leader], i, leader, "")
		}
	}
	again, stop := make([]script, len(c.parts)), make([]script, len(c.parts))
	c.tell(again, leader, " <- N > 0")
	c.tell(stop, leader, "")
	for i := range c.parts {
		enter := fmt.Sprintf("a(r%d(N), Me)", i)
		if i == leader {
			enter = fmt.Sprintf("a(r%d(M), Me) <- M is N - 1", i)
		}
		c.parts[i] = append(c.parts[i], piece{branches: []script{append(again[i], piece{event: enter, again: true}), stop[i]}, again: true})
	}
}

// facts draws what the peers know: which branch is chosen, and which question is answered.
func (c *conversation) facts() (list []lcc.Term) {
	for i := range c.choices {
		list = append(list, lcc.NewTerm("pick", lcc.Int(i+1), lcc.Int(c.IntN(3))))
	}
	for i := range c.names {
		if c.IntN(2) == 0 {
			list = append(list, lcc.NewTerm("knows", lcc.Int(i+1)))
		}
	}
	return list
}

// spoil changes the part of one role at one place: two neighbours are exchanged, an event
// is taken out, or a branch.
func (c *conversation) spoil() {
	for range 100 {
		if c.spoilt(&c.parts[c.IntN(len(c.parts))]) {
			return
		}
	}
}

// spoilt tries one place of a script. A role that waits for a constraint that does not hold is
// another fault, and so is one that begins again too early.
func (c *conversation) spoilt(at *script) bool {
	if len(*at) == 0 {
		return false
	}
	i := c.IntN(len(*at))
	p := &(*at)[i]
	if p.branches != nil && c.IntN(4) > 0 {
		return c.spoilt(&p.branches[c.IntN(len(p.branches))])
	}
	last := i+1 == len(*at)
	switch {
	case p.asks() || p.again && p.branches == nil || !last && ((*at)[i+1].asks() || (*at)[i+1].again):
		return false
	case p.branches != nil:
		b := c.IntN(len(p.branches))
		p.branches = slices.Delete(p.branches, b, b+1)
	case !last && c.IntN(2) == 0:
		(*at)[i], (*at)[i+1] = (*at)[i+1], (*at)[i]
	case len(*at) > 1:
		*at = slices.Delete(*at, i, i+1)
	default:
		return false
	}
	return true
}

// asks reports whether an event, or the first of a branch, has a constraint that may not hold.
func (p piece) asks() bool {
	free := strings.Contains(p.event, "timeout") || strings.Contains(p.event, "failed")
	return strings.Contains(p.event, "<- ") && !free ||
		slices.ContainsFunc(p.branches, func(b script) bool { return len(b) > 0 && b[0].asks() })
}

func (c *conversation) text() string {
	var b strings.Builder
	for i := range c.parts {
		fmt.Fprintf(&b, "r(r%d(_), initial).\n", i)
	}
	for i, own := range c.parts {
		fmt.Fprintf(&b, "a(r%d(N), Me) ::\n    %s\n", i, own.text("    "))
	}
	return b.String()
}

func (s script) text(indent string) string {
	var list []string
	for _, p := range s {
		if p.branches == nil {
			list = append(list, p.event)
			continue
		}
		var branches []string
		for _, b := range p.branches {
			branches = append(branches, "(\n"+indent+"        "+b.text(indent+"        ")+"\n"+indent+"    )")
		}
		list = append(list, "(\n"+indent+"    "+strings.Join(branches, " or ")+"\n"+indent+")")
	}
	return strings.Join(list, " then\n"+indent)
}
