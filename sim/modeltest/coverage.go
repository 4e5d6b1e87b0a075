package modeltest

import (
	"fmt"
	"strings"

	"parley/lcc"
	"parley/lcc/syntax"
	"parley/sim"
)

// Coverage says which places of a model the runs have reached.
type Coverage struct {
	Model    string
	Events   []Place
	Branches []Place // of choices and of par
	key      lcc.Digest
}

// Place is an event or a branch in the text.
type Place struct {
	Pos     syntax.Position
	Clause  string // the role of its clause
	Text    string // on one line, clipped
	Reached bool
	// begins are the offsets of the events with which a branch can begin.
	begins []int
}

func newCoverage(m *lcc.Model) *Coverage {
	c := &Coverage{Model: m.Name(), key: m.Digest()}
	for _, item := range m.File().Items {
		if clause, ok := item.(*syntax.Clause); ok {
			c.walk(syntax.Text(clause.Agent.Role), clause.Body)
		}
	}
	return c
}

// walk collects the places of a definition. The recursion is bounded, since the parser
// limits the nesting of parentheses.
func (c *Coverage) walk(clause string, d syntax.Def) {
	for {
		var branches []syntax.Def
		switch at := d.(type) {
		case *syntax.Then:
			c.walk(clause, at.First)
			d = at.Rest
			continue
		case *syntax.Or:
			branches = at.Branches
		case *syntax.Par:
			branches = at.Branches
		default:
			c.Events = append(c.Events, Place{Pos: d.Pos(), Clause: clause, Text: oneLine(d)})
		}
		for _, branch := range branches {
			c.Branches = append(c.Branches, Place{Pos: branch.Pos(), Clause: clause, Text: oneLine(first(branch)), begins: begins(branch)})
			c.walk(clause, branch)
		}
		return
	}
}

func first(d syntax.Def) syntax.Def {
	for {
		switch at := d.(type) {
		case *syntax.Then:
			d = at.First
		case *syntax.Or:
			d = at.Branches[0]
		case *syntax.Par:
			d = at.Branches[0]
		default:
			return d
		}
	}
}

func begins(d syntax.Def) (offsets []int) {
	var branches []syntax.Def
	switch at := d.(type) {
	case *syntax.Then:
		return begins(at.First)
	case *syntax.Or:
		branches = at.Branches
	case *syntax.Par:
		branches = at.Branches
	default:
		return []int{d.Pos().Offset}
	}
	for _, b := range branches {
		offsets = append(offsets, begins(b)...)
	}
	return offsets
}

const textMax = 70

func oneLine(d syntax.Def) string {
	text := strings.Join(strings.Fields(syntax.Text(d)), " ")
	if runes := []rune(text); len(runes) > textMax {
		return string(runes[:textMax-3]) + "..."
	}
	return text
}

// add marks what a run has reached.
func (c *Coverage) add(records []sim.PeerRunEvent) {
	reached := map[int]bool{}
	for _, ev := range records {
		switch ev.Record.Kind {
		case lcc.RecordSolve, lcc.RecordSolved, lcc.RecordFailed:
			continue // its event has not happened yet
		}
		reached[ev.Record.Pos.Offset] = true
	}
	for i := range c.Events {
		e := &c.Events[i]
		e.Reached = e.Reached || reached[e.Pos.Offset]
	}
	for i := range c.Branches {
		b := &c.Branches[i]
		for _, offset := range b.begins {
			b.Reached = b.Reached || reached[offset]
		}
	}
}

// Same says whether two coverages are of the same text.
func (c *Coverage) Same(other *Coverage) bool { return c.key == other.key }

// Merge adds what other runs of the same text have reached.
func (c *Coverage) Merge(other *Coverage) {
	for i := range c.Events {
		c.Events[i].Reached = c.Events[i].Reached || other.Events[i].Reached
	}
	for i := range c.Branches {
		c.Branches[i].Reached = c.Branches[i].Reached || other.Branches[i].Reached
	}
}

// Count returns the number of reached places, and of all.
func Count(places []Place) (reached, all int) {
	for _, p := range places {
		if p.Reached {
			reached++
		}
	}
	return reached, len(places)
}

// Text is the coverage for people: a line of numbers, and a line for each event that no
// run reached. The first event of a branch shows whether it was taken.
func (c *Coverage) Text() string {
	var b strings.Builder
	events, allEvents := Count(c.Events)
	branches, allBranches := Count(c.Branches)
	fmt.Fprintf(&b, "cover %s  %d of %d events, %d of %d branches", c.Model, events, allEvents, branches, allBranches)
	for _, e := range c.Events {
		if !e.Reached {
			fmt.Fprintf(&b, "\n  %s:%d:%d: in %s, never: %s", e.Pos.File, e.Pos.Line, e.Pos.Column, e.Clause, e.Text)
		}
	}
	return b.String()
}
