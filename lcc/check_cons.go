package lcc

import (
	"maps"

	"parley/lcc/syntax"
)

// This file follows constraints: what they need to be bound, what they bind,
// and who answers them.

// guard checks an event's constraint, which may hold actions.
func (cc *clauseCheck) guard(cons syntax.Cons, has bound) {
	if cons != nil {
		cc.cons(cons, has, true)
	}
}

// rule checks a rule. Its head's variables may come with a value or not, so
// only those of the body are followed.
func (c *checker) rule(rule *syntax.Rule) {
	cc := &clauseCheck{checker: c, role: rule.Head}
	count, at := map[string]int{}, map[string]syntax.Position{}
	variables(count, at, rule.Head.Args...)
	has := bound{}
	cc.bind(has, rule.Head.Args...)
	if rule.Body != nil {
		consVariables(rule.Body, count, at)
	}
	c.once(count, at)
	if rule.Body != nil {
		cc.cons(rule.Body, has, false)
	}
}

// cons follows a constraint; actions says whether it may hold one.
func (cc *clauseCheck) cons(cons syntax.Cons, has bound, actions bool) {
	switch cons := cons.(type) {
	case *syntax.And:
		for _, part := range cons.Parts {
			cc.cons(part, has, actions)
		}
	case *syntax.Disj:
		var after bound
		for _, part := range cons.Parts {
			mine := maps.Clone(has)
			cc.cons(part, mine, false)
			if after == nil {
				after = mine
				continue
			}
			maps.DeleteFunc(after, func(name string, _ bool) bool { return !mine[name] })
		}
		maps.Copy(has, after)
	case *syntax.Not:
		// What is found under a not is not kept; a variable without a value
		// there means "any".
		cc.cons(cons.Part, maps.Clone(has), false)
	case *syntax.Compare:
		cc.compare(cons, has)
	case *syntax.Call:
		cc.call(cons, has, actions)
	}
}

func (cc *clauseCheck) compare(c *syntax.Compare, has bound) {
	switch c.Op {
	case "=":
		cc.bind(has, c.Left, c.Right)
	case "is", "in":
		cc.needs(codeUnboundIn, c.Right, has, "constraint is solved")
		cc.bind(has, c.Left)
	case "==", "!=", `\=`:
		cc.bind(has, c.Left, c.Right)
	default:
		cc.needs(codeUnboundIn, c.Left, has, "constraint is solved")
		cc.needs(codeUnboundIn, c.Right, has, "constraint is solved")
	}
}

func (cc *clauseCheck) call(call *syntax.Call, has bound, actions bool) {
	goal := call.Goal
	k := key{goal.Name, len(goal.Args)}
	if _, ok := cc.calls[k.name]; !ok {
		cc.calls[k.name] = call.Pos()
	}
	signature, known := builtinSignature(k.name, k.arity)
	if !known {
		signature, known = cc.vocabulary.Lookup(k.name, k.arity)
	}
	if known {
		if signature.Acts && !actions {
			cc.report(codeMisplaced, Error, call.Pos(), "make it a part of an event's own constraint",
				"%s is an action: it may not stand in a rule, under not or in a disjunction", k.name)
		}
		for i, p := range signature.Params {
			if p.Mode == In {
				cc.needs(codeUnboundIn, goal.Args[i], has, "constraint is solved")
			}
		}
	} else if !cc.defined[k] && cc.vocabulary != nil && !cc.remembers(k) {
		cc.report(codeUnknown, Warning, call.Pos(), cc.nearest(k), "nobody answers %s/%d: it is not built in, not in the text, and hosts do not have it", k.name, k.arity)
	}
	cc.bind(has, goal.Args...)
}

// remembers says whether the text remembers facts of a predicate with k(F).
func (cc *clauseCheck) remembers(k key) bool {
	if len(cc.remembered) == 0 {
		cc.remembered[key{"k", 1}] = true
		for _, clause := range cc.clauses {
			walkDef(clause.Body, func(d syntax.Def) { cc.noteRemembered(d) })
		}
	}
	return cc.remembered[k]
}

func (cc *clauseCheck) noteRemembered(d syntax.Def) {
	var guards []syntax.Cons
	switch d := d.(type) {
	case *syntax.Null:
		guards = append(guards, d.Guard)
	case *syntax.Send:
		guards = append(guards, d.Guard)
	case *syntax.Receive:
		guards = append(guards, d.Guard, d.Effect)
	case *syntax.Enter:
		guards = append(guards, d.Guard)
	case *syntax.Do:
		guards = append(guards, d.Goal, d.Guard)
	}
	for _, guard := range guards {
		if guard == nil {
			continue
		}
		walkCons(guard, func(c syntax.Cons) {
			if call, ok := c.(*syntax.Call); ok && call.Goal.Name == "k" && len(call.Goal.Args) == 1 {
				if fact, ok := call.Goal.Args[0].(*syntax.Const); ok {
					cc.remembered[key{fact.Name, len(fact.Args)}] = true
				}
			}
		})
	}
}

// nearest suggests a constraint of nearly the same name, or of the same name
// with other arguments.
func (cc *clauseCheck) nearest(k key) string {
	var names []string
	for _, s := range append(Builtins(), cc.vocabulary.Predicates...) {
		names = append(names, s.Name)
	}
	for _, rule := range cc.rules {
		names = append(names, rule.Head.Name)
	}
	return didYouMean(k.name, names)
}
