package check

import (
	"slices"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file finds the roles that act in a cycle: their actions are answered at once, as
// a note is, and they return to the same state without waiting for anything. The engine
// ends such an agent (Limits.ActionsAtOnce), but the dry run of a policy does not
// detect it. A cycle that may wait is not reported.

// way describes a path without a wait from the beginning of a clause to some event. At
// most one event on a cycle may depend on the host's knowledge: its constraint holds on
// the next round too. Two such events may be a change and its reversal.
type way struct {
	hangs bool
	act   string // the first action on the path that is answered at once; "" for none
	at    syntax.Position
}

// lap is a path from the beginning of a clause to a change of role.
type lap struct {
	way
	to key
}

// circles reports the actions of roles on cycles without a wait.
func (c *checker) circles() {
	if !hasAtOnce(c.host) || len(c.unread) > 0 {
		return
	}
	p := c.newPacer()
	laps := map[key][]lap{}
	for _, clause := range c.clauses {
		p.enter(clause)
		_, list := p.ways(clause.Body, []way{{}}, nil)
		laps[roleOfAgent(clause.Agent)] = list
	}
	for _, clause := range c.clauses {
		from := roleOfAgent(clause.Agent)
		for _, l := range laps[from] {
			if l.act != "" && comesRound(laps, l, from) {
				c.report(codeCircle, Warning, l.at, "wait on the way, as with timeout(10)",
					"role %s asks for %s in a circle on which nothing waits: its agent is ended", from.name, l.act)
			}
		}
	}
}

// hasAtOnce reports whether any action is answered at once.
func hasAtOnce(host *vocabulary.Set) bool {
	return host != nil && slices.ContainsFunc(host.Predicates, func(s vocabulary.Signature) bool { return s.AtOnce })
}

// roleOfAgent returns the role of an agent, or the zero key when it is a variable.
func roleOfAgent(a *syntax.Agent) key {
	if role, ok := a.Role.(*syntax.Const); ok {
		return key{role.Name, len(role.Args)}
	}
	return key{}
}

// comesRound reports whether laps without a wait lead from the end of first to a role.
func comesRound(laps map[key][]lap, first lap, home key) bool {
	type stand struct {
		at    key
		hangs bool
	}
	list, seen := []stand{{first.to, first.hangs}}, map[stand]bool{}
	for len(list) > 0 {
		s := list[len(list)-1]
		list = list[:len(list)-1]
		if s.at == home {
			return true
		}
		if seen[s] {
			continue
		}
		seen[s] = true
		for _, l := range laps[s.at] {
			if !(s.hangs && l.hangs) {
				list = append(list, stand{l.to, s.hangs || l.hangs})
			}
		}
	}
	return false
}

// ways follows a definition. It returns the paths without a wait to what follows it,
// and appends the laps that end in it. in holds the paths to its beginning.
func (p *pacer) ways(d syntax.Def, in []way, laps []lap) ([]way, []lap) {
	for len(in) > 0 {
		then, ok := d.(*syntax.Then)
		if !ok {
			break
		}
		in, laps = p.ways(then.First, in, laps)
		d = then.Rest
	}
	var branches []syntax.Def
	switch d := d.(type) {
	case *syntax.Or:
		branches = d.Branches
	case *syntax.Par:
		branches = d.Branches
	case *syntax.Then: // the paths cannot reach this point
		return nil, laps
	default:
		return p.pass(d, in, laps)
	}
	var out []way
	for _, b := range branches {
		var after []way
		after, laps = p.ways(b, in, laps)
		for _, w := range after {
			out = addWay(out, w)
		}
	}
	return out, laps
}

// pass continues the paths through an event.
func (p *pacer) pass(d syntax.Def, in []way, laps []lap) (out []way, _ []lap) {
	pace, act := p.event(d)
	for _, w := range in {
		if pace == waits || pace == hangs && w.hangs {
			continue
		}
		w.hangs = w.hangs || pace == hangs
		if w.act == "" && act != "" {
			w.act, w.at = act, d.Pos()
		}
		out = addWay(out, w)
	}
	enter, ok := d.(*syntax.Enter)
	if !ok {
		return out, laps
	}
	for _, w := range out {
		laps = append(laps, lap{w, roleOfAgent(enter.Agent)})
	}
	return nil, laps
}

// addWay adds a path unless the list has one of the same kind.
func addWay(list []way, w way) []way {
	for _, other := range list {
		if other.hangs == w.hangs && (other.act == "") == (w.act == "") {
			return list
		}
	}
	return append(list, w)
}
