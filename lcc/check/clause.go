package check

import (
	"slices"

	"parley/lcc/syntax"
)

// clauseCheck checks one clause and tracks which variables are bound.
type clauseCheck struct {
	*checker
	role  *syntax.Const
	own   string // the clause's own id variable; "" when it is a constant
	first bool   // no event has happened yet
	vars  clauseVars
}

// clauseVars is what is known of the variables of a clause or a rule.
type clauseVars struct {
	careful map[string]bool   // partners whose silence is handled
	heard   map[string]bool   // partners that have asked, up to here
	lost    map[string]string // results that a role may not have bound, and the role
	kinds   kinds
}

// place describes the position of an event in its clause.
type place struct {
	chosen   bool // it begins a branch of a choice
	free     bool // an alternative event that needs no partner can happen instead
	preceded bool // by "then"
	followed bool
}

// param identifies a parameter of a role by its index.
type param struct {
	role key
	at   int
}

// handedOn bounds the chain of roles through which an unbound parameter is followed.
const handedOn = 8

// openParams finds the parameters that may be unbound: those for which some event
// enters the role with an unbound argument. It repeats while it finds new ones, because
// a role passes its own parameters on.
func (c *checker) openParams() {
	c.silent = true
	for before, round := -1, 0; before != len(c.params.open) && round < handedOn; round++ {
		before = len(c.params.open)
		for _, clause := range c.clauses {
			c.follow(clause, newBound())
		}
	}
	c.silent, c.talk = false, talk{}
}

// follow checks a clause, starting from the variables that are bound at its beginning.
// has gets those that are bound at its end.
func (c *checker) follow(clause *syntax.Clause, has *bound) *clauseCheck {
	cc := &clauseCheck{
		checker: c, role: clause.Agent.Role.(*syntax.Const), first: true,
		vars: clauseVars{careful: carefulOf(clause.Body), kinds: c.newKinds(), heard: map[string]bool{},
			lost: map[string]string{}},
	}
	if id, ok := clause.Agent.ID.(*syntax.Var); ok {
		cc.own = id.Name
		has.set(id.Name)
	}
	k := key{cc.role.Name, len(cc.role.Args)}
	for i, arg := range cc.role.Args {
		cc.vars.heard[nameOf(arg)] = c.params.askers[param{k, i}]
		if v, ok := arg.(*syntax.Var); !ok || !c.params.open[param{k, i}] {
			has.bind(arg)
		} else {
			delete(has.own, v.Name)
		}
	}
	cc.def(clause.Body, has, place{})
	return cc
}

func (c *checker) clause(clause *syntax.Clause) {
	cc := c.follow(clause, newBound())
	u := newUses()
	u.terms(cc.role)
	u.terms(clause.Agent.ID)
	if cc.own != "" {
		u.count[cc.own]++ // an unused id is no fault
	}
	syntax.Walk(clause.Body, u.event)
	c.once(u)
	meantVariables(cc, u, termsOf(clause))
	cc.deaf(clause)
	cc.spins(clause)
	baseless(cc, clause)
}

// once reports the variables that are used only once. Of two that are spelled alike one is
// misspelt, and the second is reported.
func (c *checker) once(u *uses) {
	for _, name := range u.names() {
		if u.count[name] != 1 || name[0] == '_' {
			continue
		}
		hint, like := "write _ or _"+name+" if that is meant", u.like(name)
		if like != "" {
			hint = "did you mean " + like + "? Else " + hint
		}
		if u.count[like] == 1 && u.like(like) == name && u.at[name].Offset < u.at[like].Offset {
			continue
		}
		c.report(codeOnce, Warning, u.at[name], hint, "variable %s is used once", name)
	}
}

// def checks a definition and updates has to the variables that are bound after it.
func (cc *clauseCheck) def(d syntax.Def, has *bound, p place) {
	for {
		then, ok := d.(*syntax.Then)
		if !ok {
			break
		}
		p.followed = true
		cc.def(then.First, has, p)
		d, p = then.Rest, place{preceded: true}
	}
	if _, par := d.(*syntax.Par); !p.chosen && !par {
		cc.failing(d)
	}
	switch d := d.(type) {
	case *syntax.Or:
		cc.choice(d, has, p)
		return
	case *syntax.Par:
		cc.par(d, has)
		return
	case *syntax.Null:
		cc.guard(d.Guard, has)
	case *syntax.Do:
		cc.guard(d.Guard, has)
		cc.guard(d.Goal, has)
	case *syntax.Enter:
		cc.enter(d, has)
	case *syntax.Send:
		cc.send(d, has, p)
	case *syntax.Receive:
		cc.receive(d, has, p)
	}
	cc.first = false
}

func (cc *clauseCheck) choice(d *syntax.Or, has *bound, p place) {
	if d.Mixed {
		reading := sketch(d.Branches, " or ")
		if p.preceded {
			reading = "... then " + reading
		}
		if p.followed {
			reading += " then ..."
		}
		cc.report(codeMix, Warning, d.Pos(), "write the parentheses", `"or" binds tighter than "then": this is %s`, reading)
	}
	neverTaken(cc, d, has)
	var after *bound
	first := cc.first
	inner := place{chosen: true, free: p.free || slices.ContainsFunc(beginnings(d), alone)}
	ends := mayEnd(cc.checker, d)
	known := cc.vars.kinds
	for _, branch := range d.Branches {
		mine := has.within()
		cc.first, cc.vars.kinds = first, known.within()
		cc.def(branch, mine, inner)
		switch {
		case ends && !mayEnd(cc.checker, branch): // nothing follows it
		case after == nil:
			after = mine
		default:
			after.keep(mine)
		}
	}
	cc.first, cc.vars.kinds = false, known
	has.add(after)
}

func (cc *clauseCheck) par(d *syntax.Par, has *bound) {
	if d.Mixed {
		cc.report(codeMix, Warning, d.Pos(), "write the parentheses", `"par" binds tighter than "or" and "then": this is %s`,
			sketch(d.Branches, " par "))
	}
	by := map[string]bool{}
	all := has.within()
	first := cc.first
	known := cc.vars.kinds
	for _, branch := range d.Branches {
		mine := has.within()
		cc.first, cc.vars.kinds = first, known.within()
		cc.def(branch, mine, place{})
		for _, name := range namesIn(branch) {
			if has.has(name) || !mine.has(name) {
				continue
			}
			if by[name] {
				cc.report(codeParBinds, Warning, branch.Pos(), "give each branch a variable of its own",
					"variable %s is bound in two branches of a par", name)
			}
			by[name] = true
			all.set(name)
		}
	}
	cc.first, cc.vars.kinds = false, known
	has.add(all)
}

func namesIn(d syntax.Def) []string {
	u := newUses()
	syntax.Walk(d, u.event)
	return u.names()
}

// sketch prints a group with its parentheses and shortened parts.
func sketch(branches []syntax.Def, between string) string {
	const shown, length = 3, 24
	text := "("
	for i, b := range branches {
		if i > 0 {
			text += between
		}
		if i == shown {
			text += "..."
			break
		}
		text += syntax.Short(syntax.Text(firstOf(b)), length)
	}
	return text + ")"
}

// needs reports the unbound variables of a term.
func (cc *clauseCheck) needs(code string, t syntax.Term, has *bound, when string) {
	u := newUses()
	u.terms(t)
	for _, name := range u.names() {
		if has.has(name) {
			continue
		}
		severity, hint := Error, "bind it by a constraint or a message before"
		if code == codeUnboundSend && cc.first && len(cc.role.Args) == 0 && !cc.isEntered() {
			// The first event of a started role may use unbound variables: the Start
			// can give their values.
			severity, hint = Warning, "give it when the role is started, or bind it by a constraint"
		}
		if role := cc.vars.lost[name]; role != "" {
			severity, hint = Warning, "bind it on every way through role "+role+", which may end without it"
		}
		cc.report(code, severity, u.at[name], hint, "variable %s has no value when the %s", name, when)
		has.set(name) // report it only once
	}
}

func (cc *clauseCheck) isEntered() bool {
	own := key{cc.role.Name, len(cc.role.Args)}
	for _, e := range cc.entries {
		if e.to == own && e.from != own {
			return true
		}
	}
	return false
}

func (cc *clauseCheck) enter(d *syntax.Enter, has *bound) {
	cc.guard(d.Guard, has)
	if id, ok := d.Agent.ID.(*syntax.Var); ok && cc.own != "" && id.Name != cc.own && has.has(id.Name) {
		cc.report(codeOtherID, Warning, d.Pos(), "write "+cc.own, "an agent changes its own role, and %s is another", id.Name)
	}
	if role, ok := d.Agent.Role.(*syntax.Const); ok {
		cc.roleExists(d.Agent, role)
		taken(cc, role)
		k := key{role.Name, len(role.Args)}
		for i, arg := range role.Args {
			for _, name := range syntax.Variables(arg) {
				if !has.has(name) && cc.vars.lost[name] == "" {
					cc.params.open[param{k, i}] = true
				}
			}
		}
	}
	if role, ok := d.Agent.Role.(*syntax.Const); ok {
		returned(cc, role, has)
	} else {
		has.bind(d.Agent.Role)
	}
}
