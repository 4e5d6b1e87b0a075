package check

import (
	"slices"

	"parley/lcc/syntax"
)

// This file finds roles that take a list apart, or count down, and have no way for the end
// of it: such as a(each(L), X) :: ... <- L = [P|T] then a(each(T), X), which waits for ever
// in each([]).

// measure is a value that becomes less from round to round.
type measure struct {
	end  string // the value at which nothing can happen any more
	base string // the constraint of the branch that is missing; "" where the head has to change first
}

// baseless reports a role that enters itself with less and less, and of which each first
// event needs some of it.
func baseless(cc *clauseCheck, clause *syntax.Clause) {
	first := beginnings(clause.Body)
	for i, arg := range cc.role.Args {
		m, enter := shrinks(cc, clause, i, arg)
		if enter == nil {
			continue
		}
		if _, pattern := arg.(*syntax.ListTerm); !pattern {
			all := true
			for _, d := range first {
				all = all && needsSome(d, nameOf(arg), m.end)
			}
			if !all {
				continue
			}
		}
		hint := "add a branch for it: or (null <- " + m.base + ")"
		if m.base == "" {
			hint = "write a variable in the head, such as " + cc.role.Name + "(L), and a branch for it: or (null <- L = [])"
		}
		cc.report(codeNoBase, Warning, enter.Pos(), hint,
			"role %s enters itself with less and less of its %s argument and can do nothing with %s: it waits for ever", cc.role.Name,
			ordinal(i+1), m.end)
		return
	}
}

// shrinks returns the measure of a parameter, and the change of role that hands on what is
// left of it; nil where there is none, or where the text looks at what is left beforehand.
func shrinks(cc *clauseCheck, clause *syntax.Clause, i int, arg syntax.Term) (m measure, enter *syntax.Enter) {
	lessBy := map[string]measure{} // by the variable that has what is left for the next round
	if list, ok := arg.(*syntax.ListTerm); ok && list.Tail != nil {
		lessBy[nameOf(list.Tail)] = measure{"[]", ""}
	}
	if name := nameOf(arg); name != "" {
		syntax.Walk(clause.Body, func(d syntax.Def) {
			for _, cons := range syntax.Constraints(d) {
				for _, part := range conjuncts(cons) {
					if less, end := takenFrom(part, name); less != "" {
						base := name + " = []"
						if end == "0" {
							base = name + " =< 0"
						}
						lessBy[less] = measure{end, base}
					}
				}
			}
		})
	}
	delete(lessBy, "")
	if len(lessBy) == 0 {
		return m, nil
	}
	u := newUses()
	u.terms(cc.role.Args...)
	syntax.Walk(clause.Body, u.event)
	own := roleOfAgent(clause.Agent)
	syntax.Walk(clause.Body, func(d syntax.Def) {
		e, ok := d.(*syntax.Enter)
		if !ok || enter != nil || roleOfAgent(e.Agent) != own {
			return
		}
		left := nameOf(e.Agent.Role.(*syntax.Const).Args[i])
		if found, ok := lessBy[left]; ok && u.count[left] == 2 { // where it is taken, and here
			m, enter = found, e
		}
	})
	return m, enter
}

// takenFrom returns the variable to which a constraint binds what is left of another, and
// the value that this comes to: L = [P|T] gives T and [], M is N - 1 gives M and 0.
func takenFrom(cons syntax.Cons, name string) (less, end string) {
	c, ok := cons.(*syntax.Compare)
	if !ok {
		return "", ""
	}
	if c.Op == "=" {
		for _, sides := range [][2]syntax.Term{{c.Left, c.Right}, {c.Right, c.Left}} {
			if list, ok := sides[1].(*syntax.ListTerm); ok && nameOf(sides[0]) == name && list.Tail != nil {
				return nameOf(list.Tail), "[]"
			}
		}
	}
	minus, ok := c.Right.(*syntax.Const)
	if c.Op != "is" || !ok || minus.Name != "-" || len(minus.Args) != 2 || nameOf(minus.Args[0]) != name {
		return "", ""
	}
	if by, number := literal(minus.Args[1]); number && by > 0 {
		return nameOf(c.Left), "0"
	}
	return "", ""
}

// needsSome reports whether an event cannot happen when a parameter has come to its end.
func needsSome(d syntax.Def, name, end string) bool {
	for _, cons := range syntax.Constraints(d) {
		if receive, ok := d.(*syntax.Receive); ok && cons == receive.Effect {
			continue // by then the message is taken
		}
		for _, part := range conjuncts(cons) {
			c, ok := part.(*syntax.Compare)
			if !ok {
				continue
			}
			if less, at := takenFrom(part, name); less != "" && at == "[]" || end == "0" && aboveZero(c, name) {
				return true
			}
		}
	}
	return false
}

// aboveZero reports whether a comparison says that a variable is above 0, or above more.
func aboveZero(c *syntax.Compare, name string) bool {
	left, right, op := c.Left, c.Right, c.Op
	if nameOf(right) == name {
		left, right, op = right, left, map[string]string{"<": ">", "=<": ">="}[op]
	}
	n, number := literal(right)
	return nameOf(left) == name && number && (op == ">" && n >= 0 || op == ">=" && n > 0)
}

func ordinal(n int) string {
	if n <= 3 {
		return []string{"first", "second", "third"}[n-1]
	}
	return "last"
}

// endless reports predicates of which each rule asks for the predicate itself: whatever is
// asked, there is always one question more.
func endless(c *checker) {
	first, ends := map[key]*syntax.Rule{}, map[key]bool{}
	var order []key
	for _, rule := range c.rules {
		k := key{rule.Head.Name, len(rule.Head.Args)}
		if first[k] == nil {
			first[k] = rule
			order = append(order, k)
		}
		itself := func(part syntax.Cons) bool {
			call, ok := part.(*syntax.Call)
			return ok && (key{call.Goal.Name, len(call.Goal.Args)}) == k
		}
		ends[k] = ends[k] || rule.Body == nil || !slices.ContainsFunc(conjuncts(rule.Body), itself)
	}
	for _, k := range order {
		if !ends[k] && !c.remembered[k] && len(c.unread) == 0 {
			c.report(codeNoBase, Warning, first[k].Pos(), "add a fact or a rule for the end, as len([], 0) is of a list",
				"each rule of %s/%d asks for %s/%d again: it never holds", k.name, k.arity, k.name, k.arity)
		}
	}
}
