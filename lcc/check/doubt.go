package check

import (
	"slices"

	"parley/lcc/syntax"
)

// This file says nothing of what may follow from an error of the text: one mistake, one finding.

// missing are the codes that say that the text does not have something.
var missing = []string{codeNoRole, codeUnreachable, codeNoInitial, codeNotReceived, codeNotSent, CodeUnanswered, codeDeclaration}

// apart are the codes that say what another fault of an item does not explain.
var apart = []string{codeNoRole, codeTwice, codeNoInitial, codePercent}

// doubt is what is known of the items that have an error.
type doubt struct {
	lost   bool     // not all of them: it is not known what else the text defines
	faulty [][2]int // where they begin and end
}

// doubts returns what is doubtful of a text. What a faulty clause sends, receives and enters
// may be something else than what was read of it.
func doubts(c *checker, file *syntax.File) {
	c.doubt.lost = file.Lost
	for i, item := range file.Items {
		if i >= len(file.Faulty) || !file.Faulty[i] {
			continue
		}
		c.doubt.faulty = append(c.doubt.faulty, [2]int{item.Pos().Offset, file.Ends[i]})
		switch item := item.(type) {
		case *syntax.Clause:
			if role, ok := item.Agent.Role.(*syntax.Const); ok {
				c.unread[key{role.Name, len(role.Args)}] = true
			}
		case *syntax.Rule:
		default:
			c.doubt.lost = true
		}
	}
}

// in reports whether a position is in a faulty item.
func (d *doubt) in(pos syntax.Position) bool {
	return slices.ContainsFunc(d.faulty, func(at [2]int) bool { return at[0] <= pos.Offset && pos.Offset < at[1] })
}

// about reports whether a finding may follow from an error of the text.
func (d *doubt) about(code string, pos syntax.Position) bool {
	return d.lost && slices.Contains(missing, code) || !slices.Contains(apart, code) && d.in(pos)
}
