package check

import (
	"slices"
	"strings"

	"parley/lcc/syntax"
)

// This file checks messages from the partner's side: who gets no answer, and who waits
// for a message that may never come.

func (cc *clauseCheck) send(d *syntax.Send, has *bound, p place) {
	id, isVar := d.To.ID.(*syntax.Var)
	met := isVar && has.has(id.Name) // before the constraint, which may select a partner
	cc.guard(d.Guard, has)
	checkMessage(cc, d.Message)
	noMessage(cc, d.Message)
	cc.partner(d.To)
	cc.notOneself(d.To)
	cc.needs(codeUnboundSend, d.Message, has, "message is sent")
	if at := wildcardIn(d.Message); at != nil {
		cc.report(codeUnboundSend, Error, at.Pos(), "write a value, or a variable that has one", "_ has no value when the message is sent")
	}
	if role, ok := d.To.Role.(*syntax.Var); ok {
		cc.needs(codeUnboundSend, role, has, "message is sent")
	}
	if list, ok := d.To.ID.(*syntax.ListTerm); ok {
		cc.needs(codeUnboundSend, list, has, "message is sent")
	}
	switch {
	case isVar && !has.has(id.Name) && !cc.vars.careful[id.Name] && !strings.HasPrefix(id.Name, "_"):
		// A name such as _Anybody says that no answer is expected.
		cc.report(codeDiscovery, Warning, d.To.Pos(), "add a branch with failed("+id.Name+") or timeout where the answer is awaited",
			"%s is left to discovery: two may pick the same partner, and nothing is done when it does not answer", id.Name)
	case d.Guard != nil && !p.chosen && met && cc.vars.heard[id.Name] && id.Name != cc.own:
		cc.report(codeNoAnswer, Warning, d.Pos(), "add a branch that says so: or (refuse => ...)",
			"%s is not answered when the constraint does not hold: it waits for ever", id.Name)
	}
	has.bind(d.To.Role, d.To.ID)
	cc.talk.sends = append(cc.talk.sends, newExchange(cc.role.Name, d.To, d.Message, d.Pos()))
}

func (cc *clauseCheck) receive(d *syntax.Receive, has *bound, p place) {
	cc.partner(d.From)
	cc.notOneself(d.From)
	if id, ok := d.From.ID.(*syntax.Var); ok && id.Name != cc.own && has.has(id.Name) && !p.free {
		cc.report(codeNoTimeout, Warning, d.Pos(), "make it a choice: or (null <- failed("+id.Name+")) or (null <- timeout(10))",
			"%s may be gone: this waits for ever", id.Name)
	}
	checkMessage(cc, d.Message)
	has.bind(d.Message, d.From.Role, d.From.ID)
	cc.vars.heard[nameOf(d.From.ID)] = true
	cc.guard(d.Guard, has)
	cc.guard(d.Effect, has)
	cc.talk.receives = append(cc.talk.receives, newExchange(cc.role.Name, d.From, d.Message, d.Pos()))
}

// noMessage reports a variable that is sent and has a value which is no message.
func noMessage(cc *clauseCheck, t syntax.Term) {
	v, ok := t.(*syntax.Var)
	if !ok {
		return
	}
	switch kind := cc.vars.kinds.of[v.Name]; kind {
	case "integer", "number", "list":
		cc.report(codeKind, Warning, t.Pos(), "put it into a term: price("+v.Name+")",
			"%s is %s: a message is a constant or a term with a functor", v.Name, withArticle(kind))
	}
}

// alone reports whether an event depends on a constraint and not on a message.
func alone(d syntax.Def) bool {
	switch d := d.(type) {
	case *syntax.Null:
		return d.Guard != nil
	case *syntax.Enter:
		return d.Guard != nil
	case *syntax.Do:
		return true
	}
	return false
}

func (cc *clauseCheck) notOneself(a *syntax.Agent) {
	if id, ok := a.ID.(*syntax.Var); ok && cc.own != "" && id.Name == cc.own {
		cc.report(codeOwnID, Error, a.Pos(), "use another variable for the partner", "%s is this agent's own id", id.Name)
	}
}

// carefulOf returns the partners whose silence a definition handles: the ids that a
// choice waits for beside a constraint that needs no partner or beside a second answer,
// those in failed(Id), and those passed to another role.
func carefulOf(body syntax.Def) map[string]bool {
	careful := map[string]bool{}
	syntax.Walk(body, func(d syntax.Def) {
		for _, cons := range syntax.Constraints(d) {
			syntax.WalkCons(cons, func(part syntax.Cons) {
				if call, ok := part.(*syntax.Call); ok && call.Goal.Name == "failed" && len(call.Goal.Args) > 0 {
					careful[nameOf(call.Goal.Args[0])] = true
				}
			})
		}
		if enter, ok := d.(*syntax.Enter); ok {
			for _, name := range syntax.Variables(enter.Agent.Role) {
				careful[name] = true
			}
		}
		or, ok := d.(*syntax.Or)
		if !ok {
			return
		}
		answers, free := map[string]int{}, false
		for _, first := range beginnings(or) {
			if receive, ok := first.(*syntax.Receive); ok {
				answers[nameOf(receive.From.ID)]++
			}
			free = free || alone(first)
		}
		for id, n := range answers {
			careful[id] = careful[id] || free || n > 1
		}
	})
	return careful
}

// nameOf returns the name of a variable, or "" for any other term.
func nameOf(t syntax.Term) string {
	if v, ok := t.(*syntax.Var); ok {
		return v.Name
	}
	return ""
}

// deaf reports a role that is entered because of the host's knowledge, and that waits
// for a partner without checking that knowledge again.
func (cc *clauseCheck) deaf(clause *syntax.Clause) {
	first := beginnings(clause.Body)
	for _, d := range first {
		receive, ok := d.(*syntax.Receive)
		if !ok {
			return
		}
		if _, anybody := receive.From.ID.(*syntax.Wildcard); anybody {
			continue
		}
		id := nameOf(receive.From.ID)
		if id == "" || id == cc.own || slices.Contains(syntax.Variables(cc.role), id) {
			return
		}
	}
	if cc.enteredOnKnowledge() {
		cc.report(codeDeaf, Warning, first[0].Pos(), "add a branch: or (null <- not ... then a(idle, ...))",
			"role %s waits for anybody and cannot react when its own state changes", cc.role.Name)
	}
}

// enteredOnKnowledge reports whether a change to this role depends on the host's
// knowledge. It assumes so for a role with state that no event enters.
func (cc *clauseCheck) enteredOnKnowledge() bool {
	entered := false
	for _, e := range cc.entries {
		if e.to == (key{cc.role.Name, len(cc.role.Args)}) {
			if entered = true; e.guarded {
				return true
			}
		}
	}
	return len(cc.role.Args) > 0 && !entered && !cc.initial[cc.role.Name]
}

// spins reports a role whose first event may enter the role itself.
func (cc *clauseCheck) spins(clause *syntax.Clause) {
	for _, d := range beginnings(clause.Body) {
		enter, ok := d.(*syntax.Enter)
		if !ok || enter.Guard != nil {
			continue
		}
		if syntax.Text(enter.Agent.Role) == syntax.Text(cc.role) {
			cc.report(codeSpins, Warning, enter.Pos(), "take the branch out: a choice waits by itself",
				"role %s enters itself without having done anything", cc.role.Name)
			continue
		}
		if through := cc.comesBack(enter, map[key]bool{}); through != "" {
			cc.report(codeSpins, Warning, enter.Pos(), "let one of them wait for something first",
				"role %s enters itself through role %s without having done anything", cc.role.Name, through)
		}
	}
}

// comesBack follows the changes of role with which roles without arguments may begin.
// It names the role that leads back to the clause; "" when none does.
func (cc *clauseCheck) comesBack(enter *syntax.Enter, seen map[key]bool) string {
	role, ok := enter.Agent.Role.(*syntax.Const)
	k := key{}
	if ok {
		k = key{role.Name, len(role.Args)}
	}
	clause := cc.roles[k]
	if clause == nil || len(role.Args) > 0 || len(cc.role.Args) > 0 || seen[k] {
		return ""
	}
	seen[k] = true
	for _, d := range beginnings(clause.Body) {
		next, ok := d.(*syntax.Enter)
		if !ok || next.Guard != nil {
			continue
		}
		if to, ok := next.Agent.Role.(*syntax.Const); ok && to.Name == cc.role.Name && len(to.Args) == 0 || cc.comesBack(next, seen) != "" {
			return role.Name
		}
	}
	return ""
}
