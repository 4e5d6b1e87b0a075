package lcc

import (
	"maps"
	"strings"

	"parley/lcc/syntax"
)

// clauseCheck follows one clause and knows which variables have a value.
type clauseCheck struct {
	*checker
	role    *syntax.Const
	own     string // the clause's own id variable; "" when it is a constant
	first   bool   // no event has happened yet
	failing bool   // the clause handles failed or timeout somewhere
}

// bound is a set of variables that have a value.
type bound map[string]bool

// place says how an event stands in its clause.
type place struct {
	siblings []syntax.Def // the other branches of the choice that it begins; nil when it begins none
	chosen   bool         // it is the first event of a branch of a choice
}

func (c *checker) clause(clause *syntax.Clause) {
	cc := &clauseCheck{checker: c, role: clause.Agent.Role.(*syntax.Const), first: true}
	has := bound{}
	if id, ok := clause.Agent.ID.(*syntax.Var); ok {
		cc.own = id.Name
		has[id.Name] = true
	}
	cc.bind(has, cc.role.Args...)
	count, at := map[string]int{}, map[string]syntax.Position{}
	variables(count, at, cc.role.Args...)
	variables(count, at, clause.Agent.ID)
	count[cc.own]++ // an id that is not used is no fault
	walkDef(clause.Body, func(d syntax.Def) { cc.count(d, count, at) })
	c.once(count, at)
	cc.shape(clause)
	cc.def(clause.Body, has, place{})
}

func (cc *clauseCheck) bind(has bound, terms ...syntax.Term) {
	count := map[string]int{}
	variables(count, map[string]syntax.Position{}, terms...)
	for name := range count {
		has[name] = true
	}
}

// count counts the variables of one event, and notes whether it handles
// failure.
func (cc *clauseCheck) count(d syntax.Def, count map[string]int, at map[string]syntax.Position) {
	agent := func(a *syntax.Agent) { variables(count, at, a.Role, a.ID) }
	var guards []syntax.Cons
	switch d := d.(type) {
	case *syntax.Null:
		guards = append(guards, d.Guard)
	case *syntax.Send:
		guards = append(guards, d.Guard)
		variables(count, at, d.Message)
		agent(d.To)
	case *syntax.Receive:
		guards = append(guards, d.Guard, d.Effect)
		variables(count, at, d.Message)
		agent(d.From)
	case *syntax.Enter:
		guards = append(guards, d.Guard)
		agent(d.Agent)
	case *syntax.Do:
		guards = append(guards, d.Goal, d.Guard)
	}
	for _, guard := range guards {
		if guard != nil {
			consVariables(guard, count, at)
			if mentions(guard, "failed", "timeout") {
				cc.failing = true
			}
		}
	}
}

func consVariables(cons syntax.Cons, count map[string]int, at map[string]syntax.Position) {
	walkCons(cons, func(c syntax.Cons) {
		switch c := c.(type) {
		case *syntax.Compare:
			variables(count, at, c.Left, c.Right)
		case *syntax.Call:
			variables(count, at, c.Goal.Args...)
		}
	})
}

func walkCons(cons syntax.Cons, visit func(syntax.Cons)) {
	visit(cons)
	var parts []syntax.Cons
	switch cons := cons.(type) {
	case *syntax.And:
		parts = cons.Parts
	case *syntax.Disj:
		parts = cons.Parts
	case *syntax.Not:
		parts = []syntax.Cons{cons.Part}
	}
	for _, part := range parts {
		walkCons(part, visit)
	}
}

// mentions says whether a constraint calls one of some predicates.
func mentions(cons syntax.Cons, names ...string) (found bool) {
	walkCons(cons, func(c syntax.Cons) {
		if call, ok := c.(*syntax.Call); ok {
			for _, name := range names {
				found = found || call.Goal.Name == name
			}
		}
	})
	return found
}

// shape checks how the clause begins.
func (cc *clauseCheck) shape(clause *syntax.Clause) {
	begin := clause.Body
	for {
		then, ok := begin.(*syntax.Then)
		if !ok {
			break
		}
		begin = then.First
	}
	if receive, ok := begin.(*syntax.Receive); ok && len(cc.role.Args) > 0 {
		if id, ok := receive.From.ID.(*syntax.Var); ok && id.Name != cc.own && !cc.param(id.Name) {
			cc.report(codeDeaf, Warning, receive.Pos(), "add a branch: or (null <- not ... then a(idle, ...))",
				"role %s waits for anybody and cannot react when its own state changes", cc.role.Name)
		}
	}
	branches := []syntax.Def{clause.Body}
	if or, ok := clause.Body.(*syntax.Or); ok {
		branches = or.Branches
	}
	for _, branch := range branches {
		if enter, ok := branch.(*syntax.Enter); ok && enter.Guard == nil {
			if role, ok := enter.Agent.Role.(*syntax.Const); ok && role.Name == cc.role.Name && len(role.Args) == len(cc.role.Args) {
				cc.report(codeSpins, Warning, enter.Pos(), "take the branch out: a choice waits by itself",
					"role %s enters itself without having done anything", role.Name)
			}
		}
	}
}

func (cc *clauseCheck) param(name string) bool {
	count := map[string]int{}
	variables(count, map[string]syntax.Position{}, cc.role.Args...)
	return count[name] > 0
}

// def follows a definition; has is changed to what has a value after it.
func (cc *clauseCheck) def(d syntax.Def, has bound, p place) {
	for {
		then, ok := d.(*syntax.Then)
		if !ok {
			break
		}
		cc.def(then.First, has, p)
		d, p = then.Rest, place{}
	}
	switch d := d.(type) {
	case *syntax.Or:
		cc.choice(d, has)
	case *syntax.Par:
		cc.par(d, has)
	case *syntax.Null:
		cc.guard(d.Guard, has)
	case *syntax.Do:
		cc.guard(d.Guard, has)
		cc.guard(d.Goal, has)
	case *syntax.Enter:
		cc.guard(d.Guard, has)
		cc.partner(d.Agent, true)
		// An argument without a value is bound by the role that is entered.
		cc.bind(has, d.Agent.Role)
	case *syntax.Send:
		cc.send(d, has, p)
	case *syntax.Receive:
		cc.receive(d, has, p)
	}
	switch d.(type) {
	case *syntax.Or, *syntax.Par:
	default:
		cc.first = false
	}
}

func (cc *clauseCheck) choice(d *syntax.Or, has bound) {
	if d.Mixed {
		cc.report(codeMix, Warning, d.Pos(), "write the parentheses", `"or" binds tighter than "then" here: (a or b) then c`)
	}
	var after bound
	first := cc.first
	for i, branch := range d.Branches {
		mine := maps.Clone(has)
		siblings := append(append([]syntax.Def(nil), d.Branches[:i]...), d.Branches[i+1:]...)
		cc.first = first
		cc.def(branch, mine, place{siblings: siblings, chosen: true})
		if after == nil {
			after = mine
			continue
		}
		for name := range after {
			if !mine[name] {
				delete(after, name)
			}
		}
	}
	maps.Copy(has, after)
}

func (cc *clauseCheck) par(d *syntax.Par, has bound) {
	if d.Mixed {
		cc.report(codeMix, Warning, d.Pos(), "write the parentheses", `"par" binds tightest: a or (b par c)`)
	}
	by := map[string]bool{}
	all := maps.Clone(has)
	for _, branch := range d.Branches {
		mine := maps.Clone(has)
		cc.def(branch, mine, place{})
		for name := range mine {
			if has[name] {
				continue
			}
			if by[name] {
				cc.report(codeParBinds, Warning, branch.Pos(), "give each branch a variable of its own", "variable %s is bound in two branches of a par", name)
			}
			by[name] = true
			all[name] = true
		}
	}
	maps.Copy(has, all)
}

// needs reports variables of a term that have no value.
func (cc *clauseCheck) needs(code string, t syntax.Term, has bound, when string) {
	count, at := map[string]int{}, map[string]syntax.Position{}
	variables(count, at, t)
	for _, name := range sortedKeys(count) {
		if has[name] {
			continue
		}
		severity, hint := Error, "bind it by a constraint or a message before"
		if code == codeUnboundSend && cc.first && len(cc.role.Args) == 0 && !cc.entered[key{cc.role.Name, 0}] {
			// The first thing that a started role says: its values can be
			// given with the start.
			severity, hint = Warning, "give it when the role is started, or bind it by a constraint"
		}
		cc.report(code, severity, at[name], hint, "variable %s has no value when the %s", name, when)
		has[name] = true // said once
	}
}

func (cc *clauseCheck) send(d *syntax.Send, has bound, p place) {
	cc.guard(d.Guard, has)
	cc.partner(d.To, false)
	cc.notOneself(d.To)
	cc.needs(codeUnboundSend, d.Message, has, "message is sent")
	id, isVar := d.To.ID.(*syntax.Var)
	switch {
	case isVar && !has[id.Name] && !cc.failing:
		cc.report(codeDiscovery, Warning, d.To.Pos(), "add a branch with failed("+id.Name+") or timeout where the answer is awaited",
			"%s is left to discovery: two may pick the same partner, and nothing is done when it does not answer", id.Name)
	case d.Guard != nil && !p.chosen && isVar && has[id.Name]:
		cc.report(codeNoAnswer, Warning, d.Pos(), "add a branch that says so: or (refuse => ...)",
			"%s is not answered when the constraint does not hold: it waits for ever", id.Name)
	}
	cc.bind(has, d.To.Role, d.To.ID)
	cc.sends = append(cc.sends, cc.exchange(d.To, d.Message, d.Pos()))
}

func (cc *clauseCheck) receive(d *syntax.Receive, has bound, p place) {
	cc.partner(d.From, false)
	cc.notOneself(d.From)
	if id, ok := d.From.ID.(*syntax.Var); ok && has[id.Name] && !waitsWithCare(p) {
		cc.report(codeNoTimeout, Warning, d.Pos(), "make it a choice: or (null <- failed("+id.Name+")) or (null <- timeout(10))",
			"%s may be gone: this waits for ever", id.Name)
	}
	cc.bind(has, d.Message, d.From.Role, d.From.ID)
	cc.guard(d.Guard, has)
	cc.guard(d.Effect, has)
	cc.receives = append(cc.receives, cc.exchange(d.From, d.Message, d.Pos()))
}

// waitsWithCare says whether the choice that a receive begins a branch of has
// a branch that needs no partner.
func waitsWithCare(p place) bool {
	for _, sibling := range p.siblings {
		for {
			then, ok := sibling.(*syntax.Then)
			if !ok {
				break
			}
			sibling = then.First
		}
		if null, ok := sibling.(*syntax.Null); ok && null.Guard != nil {
			return true
		}
		if or, ok := sibling.(*syntax.Or); ok && waitsWithCare(place{siblings: or.Branches}) {
			return true
		}
	}
	return false
}

func (cc *clauseCheck) notOneself(a *syntax.Agent) {
	if id, ok := a.ID.(*syntax.Var); ok && cc.own != "" && id.Name == cc.own {
		cc.report(codeOwnID, Error, a.Pos(), "use another variable for the partner", "%s is this agent's own id", id.Name)
	}
}

func (cc *clauseCheck) exchange(a *syntax.Agent, message syntax.Term, pos syntax.Position) exchange {
	e := exchange{own: cc.role.Name, pos: pos}
	if role, ok := a.Role.(*syntax.Const); ok {
		e.partner = role.Name
	}
	if m, ok := message.(*syntax.Const); ok {
		e.message = key{m.Name, len(m.Args)}
	}
	return e
}

func sortedKeys(count map[string]int) []string {
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	// Few and short: the order only has to be the same every time.
	for i := range names {
		for k := i + 1; k < len(names); k++ {
			if strings.Compare(names[k], names[i]) < 0 {
				names[i], names[k] = names[k], names[i]
			}
		}
	}
	return names
}
