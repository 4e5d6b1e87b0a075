package check

import (
	"fmt"
	"slices"

	"parley/internal/spell"
	"parley/lcc/syntax"
)

// This file checks the roles of a text: who plays them, and from which roles they are
// entered.

// entering is an event that changes the role.
type entering struct {
	from    key
	to      key  // key{} when the role is a variable
	guarded bool // by the host's knowledge, not by time, failure or a message
}

// enterings records all changes of role.
func (c *checker) enterings() {
	for _, clause := range c.clauses {
		role := clause.Agent.Role.(*syntax.Const)
		from := key{role.Name, len(role.Args)}
		known := map[*syntax.Enter]bool{}
		syntax.Walk(clause.Body, func(d syntax.Def) {
			if then, ok := d.(*syntax.Then); ok && c.asksHost(then.First) {
				if enter, ok := firstOf(then.Rest).(*syntax.Enter); ok {
					known[enter] = true
				}
			}
			enter, ok := d.(*syntax.Enter)
			if !ok {
				return
			}
			e := entering{from: from, guarded: known[enter] || c.asksHost(enter)}
			if role, ok := enter.Agent.Role.(*syntax.Const); ok {
				e.to = key{role.Name, len(role.Args)}
			}
			c.entries = append(c.entries, e)
		})
	}
}

// asksHost reports whether an event depends on the host's knowledge: its constraint is
// not only about time, failure or memory.
func (c *checker) asksHost(d syntax.Def) bool {
	switch d.(type) {
	case *syntax.Null, *syntax.Enter:
	default:
		return false
	}
	for _, cons := range syntax.Constraints(d) {
		asks := false
		syntax.WalkCons(cons, func(part syntax.Cons) {
			if call, ok := part.(*syntax.Call); ok {
				_, builtin := c.builtins.Lookup(call.Goal.Name, len(call.Goal.Args))
				asks = asks || !builtin
			}
		})
		if asks {
			return true
		}
	}
	return false
}

// declarations checks the role declarations as a whole.
func (c *checker) declarations() {
	first := map[key]*syntax.RoleDecl{}
	for _, d := range c.decls {
		k := key{d.Role.Name, len(d.Role.Args)}
		if before := first[k]; before != nil {
			c.report(codeDeclared, Warning, d.Pos(), "leave one of the two", "role %s is declared already, in %s", d.Role.Name, before.Place())
		} else {
			first[k] = d
		}
		if d.Max >= 0 && (d.Min > d.Max || d.Max == 0) {
			c.report(codeNobodyFits, Error, d.Pos(), "write the smaller number first, such as r(voter, necessary, 2, 5)",
				"no number of peers is from %d to %d and above 0: role %s can never be played", max(d.Min, 0), d.Max, d.Role.Name)
		}
		if !c.has(d.Role.Name) {
			lacks(c, Missing{Role: true, Name: k.name, Arity: k.arity}, codeNoRole, Error, d.Pos(), didYouMean(d.Role.Name, c.names),
				"no clause defines role %s, which is declared", d.Role.Name)
		}
	}
	if len(c.clauses) == 0 {
		return
	}
	if len(c.initial) == 0 && !c.unread[importers] {
		c.report(codeNoInitial, Warning, c.clauses[0].Pos(), fmt.Sprintf("write r(%s, initial).", c.names[0]),
			"no role is declared initial: a peer does not know where to begin")
	}
	if len(c.unread) > 0 {
		return // it is unknown which roles the unread items enter
	}
	played := c.played()
	for _, clause := range c.clauses {
		role := clause.Agent.Role.(*syntax.Const)
		if !played[key{role.Name, len(role.Args)}] {
			c.report(codeUnreachable, Warning, clause.Pos(), "enter it with a(...), declare it initial, or take it out",
				"no agent ever plays role %s: no event enters it", role.Name)
		}
	}
}

// played returns the roles that an agent can reach. A role without parameters counts as
// played when messages are sent to it, because a peer may subscribe to it, or, in a
// text without declarations, because a peer may start in it.
func (c *checker) played() map[key]bool {
	addressed := map[string]bool{}
	for _, clause := range c.clauses {
		syntax.Walk(clause.Body, func(d syntax.Def) {
			if send, ok := d.(*syntax.Send); ok {
				if role, ok := send.To.Role.(*syntax.Const); ok {
					addressed[role.Name] = true
				}
			}
		})
	}
	var list []key
	for _, clause := range c.clauses {
		role := clause.Agent.Role.(*syntax.Const)
		free := len(role.Args) == 0 && (addressed[role.Name] || len(c.decls) == 0)
		if c.initial[role.Name] || free {
			list = append(list, key{role.Name, len(role.Args)})
		}
	}
	next := map[key][]key{}
	for _, e := range c.entries {
		next[e.from] = append(next[e.from], e.to)
	}
	played := map[key]bool{}
	for len(list) > 0 {
		k := list[len(list)-1]
		list = list[:len(list)-1]
		if played[k] {
			continue
		}
		played[k] = true
		for _, to := range next[k] {
			if to != (key{}) {
				list = append(list, to)
				continue
			}
			for other := range c.roles { // a variable may be any of them
				list = append(list, other)
			}
		}
	}
	return played
}

// has reports whether a clause defines a role of that name.
func (c *checker) has(role string) bool { return slices.Contains(c.names, role) }

// partner checks that the role on the other side of a message exists. A role without
// arguments stands for the role with any arguments.
func (c *checker) partner(a *syntax.Agent) {
	if role, ok := a.Role.(*syntax.Const); ok && (len(role.Args) > 0 || !c.has(role.Name)) {
		c.roleExists(a, role)
	}
}

func (c *checker) roleExists(a *syntax.Agent, role *syntax.Const) {
	k := key{role.Name, len(role.Args)}
	missing := Missing{Role: true, Name: k.name, Arity: k.arity}
	switch {
	case c.roles[k] != nil || c.unread[k]:
	case c.has(role.Name):
		c.report(codeNoRole, Error, a.Pos(), "give it as many arguments as its clause has", "no clause of role %s has %s", role.Name,
			arguments(k.arity))
	default:
		lacks(c, missing, codeNoRole, Error, a.Pos(), didYouMean(role.Name, c.names), "no clause defines role %s", role.Name)
	}
}

func arguments(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// didYouMean suggests the most similar name, if one is similar.
func didYouMean(name string, names []string) string {
	meant := spell.Nearest(name, names)
	if meant == "" {
		return ""
	}
	return "did you mean " + meant + "?"
}
