package sim

import (
	"fmt"
	"slices"

	"parley/lcc"
	"parley/lcc/syntax"
)

// Unknown lists the resources that the policies ask about and a simulated host does not
// model: disks, network interfaces, exhausted memory, steal time. The simulator answers
// these questions with 0, so results that depend on them mean nothing.
func (o Site) Unknown() (list []string) {
	for _, m := range o.Policies {
		asked(m, func(goal *syntax.Const) {
			what, ok := resource(goal)
			if !ok || !slices.Contains(map[string][]string{"pressure": {"memory", "io", "steal"}, "load": {"network", "disk"}}[goal.Name], what) {
				return
			}
			line := fmt.Sprintf("%s asks %s(%s, _), %s", m.Name(), goal.Name, what, goal.Place())
			if !slices.Contains(list, line) {
				list = append(list, line)
			}
		})
	}
	return list
}

// asksWaits says whether a policy asks what tasks or guests wait for.
func (o Site) asksWaits() (asks bool) {
	for _, m := range o.Policies {
		asked(m, func(goal *syntax.Const) {
			asks = asks || len(goal.Args) == 2 && (goal.Name == "pressure" || goal.Name == "contention")
		})
	}
	return asks
}

// resource is the atom that a question is about.
func resource(goal *syntax.Const) (string, bool) {
	if len(goal.Args) != 2 {
		return "", false
	}
	first, ok := goal.Args[0].(*syntax.Const)
	if !ok || len(first.Args) > 0 {
		return "", false
	}
	return first.Name, true
}

// asked visits the questions of a model's text.
func asked(m *lcc.Model, visit func(*syntax.Const)) {
	for _, item := range m.File().Items {
		switch item := item.(type) {
		case *syntax.Rule:
			calls(item.Body, visit)
		case *syntax.Clause:
			syntax.Walk(item.Body, func(d syntax.Def) {
				switch d := d.(type) {
				case *syntax.Null:
					calls(d.Guard, visit)
				case *syntax.Send:
					calls(d.Guard, visit)
				case *syntax.Receive:
					calls(d.Guard, visit)
					calls(d.Effect, visit)
				case *syntax.Enter:
					calls(d.Guard, visit)
				case *syntax.Do:
					calls(d.Goal, visit)
					calls(d.Guard, visit)
				}
			})
		}
	}
}

// calls visits the calls of a constraint, including those inside findall and similar.
func calls(c syntax.Cons, visit func(*syntax.Const)) {
	switch c := c.(type) {
	case *syntax.And:
		for _, part := range c.Parts {
			calls(part, visit)
		}
	case *syntax.Disj:
		for _, part := range c.Parts {
			calls(part, visit)
		}
	case *syntax.Not:
		calls(c.Part, visit)
	case *syntax.Call:
		goals(c.Goal, visit)
	}
}

func goals(goal *syntax.Const, visit func(*syntax.Const)) {
	visit(goal)
	for _, arg := range goal.Args {
		if inner, ok := arg.(*syntax.Const); ok {
			goals(inner, visit)
		}
	}
}
