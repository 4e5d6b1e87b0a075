package check

import "parley/lcc/syntax"

// findAskers finds the parameters of roles that are handed a partner from whom an agent
// took a message: that partner may wait for an answer. Roles hand partners on to the roles
// that they enter, so it repeats until nothing is added.
func (c *checker) findAskers() {
	c.params.askers = map[param]bool{}
	for grew := true; grew; {
		grew = false
		for _, clause := range c.clauses {
			grew = c.handOn(clause) || grew
		}
	}
}

// handOn marks the parameters of the roles that a clause enters.
func (c *checker) handOn(clause *syntax.Clause) (grew bool) {
	heard := map[string]bool{}
	role := clause.Agent.Role.(*syntax.Const)
	for i, arg := range role.Args {
		heard[nameOf(arg)] = c.params.askers[param{key{role.Name, len(role.Args)}, i}]
	}
	syntax.Walk(clause.Body, func(d syntax.Def) {
		if receive, ok := d.(*syntax.Receive); ok {
			heard[nameOf(receive.From.ID)] = true
		}
	})
	heard[""] = false // what is no variable
	syntax.Walk(clause.Body, func(d syntax.Def) {
		enter, ok := d.(*syntax.Enter)
		if !ok {
			return
		}
		entered, ok := enter.Agent.Role.(*syntax.Const)
		if !ok {
			return
		}
		for i, arg := range entered.Args {
			p := param{key{entered.Name, len(entered.Args)}, i}
			for _, name := range syntax.Variables(arg) {
				if heard[name] && !c.params.askers[p] {
					c.params.askers[p], grew = true, true
				}
			}
		}
	})
	return grew
}
