package check

import "parley/lcc/syntax"

// This file finds the results of a role that may come back without a value: a role that is
// nested binds the variables among its arguments, but not on a way to its end that leaves
// one of them out.

// findEnds finds the roles that may come to an end: whatever constraints and messages do,
// an agent does not come back from the others.
func findEnds(c *checker) {
	c.params.ends = map[key]bool{}
	for grew := true; grew; {
		grew = false
		for _, clause := range c.clauses {
			k := roleOfAgent(clause.Agent)
			if !c.params.ends[k] && mayEnd(c, clause.Body) {
				c.params.ends[k], grew = true, true
			}
		}
	}
}

// findResults follows the clauses until no lost parameter is added: a role hands its own
// on to those that it enters.
func findResults(c *checker) {
	c.params.lost = map[param]bool{}
	c.silent = true
	for before, round := -1, 0; before != len(c.params.lost) && round < handedOn; round++ {
		before = len(c.params.lost)
		for _, clause := range c.clauses {
			loses(c, clause)
		}
	}
	c.silent, c.talk = false, talk{}
}

// loses marks the parameters that a clause was given unbound and does not bind.
func loses(c *checker, clause *syntax.Clause) {
	role := clause.Agent.Role.(*syntax.Const)
	k := key{role.Name, len(role.Args)}
	var given []param
	for i, arg := range role.Args {
		if _, variable := arg.(*syntax.Var); variable && c.params.open[param{k, i}] && !c.params.lost[param{k, i}] {
			given = append(given, param{k, i})
		}
	}
	if len(given) == 0 || !c.params.ends[k] {
		return
	}
	has := newBound()
	c.follow(clause, has)
	for _, p := range given {
		if !has.has(role.Args[p.at].(*syntax.Var).Name) {
			c.params.lost[p] = true
		}
	}
}

// mayEnd reports whether what follows a definition may be reached, as far as it is known
// which roles may end.
func mayEnd(c *checker, d syntax.Def) bool {
	for {
		then, ok := d.(*syntax.Then)
		if !ok {
			break
		}
		if !mayEnd(c, then.First) {
			return false
		}
		d = then.Rest
	}
	switch d := d.(type) {
	case *syntax.Or:
		for _, branch := range d.Branches {
			if mayEnd(c, branch) {
				return true
			}
		}
		return false
	case *syntax.Par:
		for _, branch := range d.Branches {
			if !mayEnd(c, branch) {
				return false
			}
		}
	case *syntax.Enter:
		k := roleOfAgent(d.Agent)
		return c.roles[k] == nil || c.params.ends[k]
	}
	return true
}

// returned updates what is bound after a change of role: the role binds its arguments,
// but for those that it may lose.
func returned(cc *clauseCheck, role *syntax.Const, has *bound) {
	k := key{role.Name, len(role.Args)}
	for i, arg := range role.Args {
		if v, ok := arg.(*syntax.Var); ok && !has.has(v.Name) && cc.params.lost[param{k, i}] {
			cc.vars.lost[v.Name] = role.Name
			continue
		}
		has.bind(arg)
	}
}
