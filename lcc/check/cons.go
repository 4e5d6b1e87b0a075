package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file checks constraints: which variables they need bound, which they bind, and
// who answers them.

// guard checks an event's constraint, which may contain actions.
func (cc *clauseCheck) guard(cons syntax.Cons, has *bound) {
	if cons != nil {
		cc.cons(cons, has, true)
	}
}

// rule checks a rule. The variables of its head may be bound or not, so only the
// variables of the body are tracked.
func (c *checker) rule(rule *syntax.Rule) {
	u := newUses()
	u.terms(rule.Head.Args...)
	checkFact(clauseOf(c, rule), rule.Head)
	if rule.Body != nil {
		u.cons(rule.Body)
	}
	c.once(u)
	if rule.Body != nil {
		meantVariables(bodyOf(c, rule), u, []syntax.Term{&syntax.Goal{Position: rule.Body.Pos(), Cons: rule.Body}})
	}
}

// clauseOf is a rule as what holds the variables of a clause.
func clauseOf(c *checker, rule *syntax.Rule) *clauseCheck {
	return &clauseCheck{checker: c, role: rule.Head, vars: clauseVars{kinds: c.newKinds()}}
}

// bodyOf checks the body of a rule.
func bodyOf(c *checker, rule *syntax.Rule) *clauseCheck {
	cc := clauseOf(c, rule)
	has := newBound()
	has.bind(rule.Head.Args...)
	cc.cons(rule.Body, has, false)
	return cc
}

// cons checks a constraint; actions says whether it may contain an action.
func (cc *clauseCheck) cons(cons syntax.Cons, has *bound, actions bool) {
	switch cons := cons.(type) {
	case *syntax.And:
		for _, part := range cons.Parts {
			cc.cons(part, has, actions)
		}
	case *syntax.Disj:
		var after *bound
		known := cc.vars.kinds
		for _, part := range cons.Parts {
			mine := has.within()
			cc.vars.kinds = known.within()
			cc.cons(part, mine, false)
			if after == nil {
				after = mine
				continue
			}
			after.keep(mine)
		}
		cc.vars.kinds = known
		has.add(after)
	case *syntax.Not:
		// Bindings made under a not are dropped; an unbound variable there means "any".
		known := cc.vars.kinds
		cc.vars.kinds = known.within()
		cc.cons(cons.Part, has.within(), false)
		cc.vars.kinds = known
	case *syntax.Compare:
		cc.compare(cons, has)
	case *syntax.Call:
		cc.call(cons, has, actions)
	}
}

func (cc *clauseCheck) compare(c *syntax.Compare, has *bound) {
	k := cc.vars.kinds
	switch c.Op {
	case "=":
		has.bind(c.Left, c.Right)
		k.decided(c)
		k.know(c.Left, c.Right)
		k.know(c.Right, c.Left)
	case "is", "in":
		cc.needs(codeUnboundIn, c.Right, has, "constraint is solved")
		has.bind(c.Left)
		if c.Op == "in" {
			k.list(c.Right)
			k.decided(c)
			return
		}
		k.becomes(c)
	case "==", "!=", `\=`: // these compare existing values and bind nothing
		k.decided(c)
	default:
		cc.needs(codeUnboundIn, c.Left, has, "constraint is solved")
		cc.needs(codeUnboundIn, c.Right, has, "constraint is solved")
		k.number(c.Left, "compare numbers")
		k.number(c.Right, "compare numbers")
		k.measured(c)
		k.decided(c)
	}
}

func (cc *clauseCheck) call(call *syntax.Call, has *bound, actions bool) {
	goal := call.Goal
	k := key{goal.Name, len(goal.Args)}
	if _, ok := cc.calls[k.name]; !ok {
		cc.calls[k.name] = call.Pos()
	}
	signature, known := cc.builtins.Lookup(k.name, k.arity)
	if len(goal.Args) == 1 && (k.name == "k" || k.name == "known" || k.name == "retract") {
		checkFact(cc, goal.Args[0])
	}
	if !known {
		signature, known = cc.words.declared.Predicates.Lookup(k.name, k.arity)
	}
	if !known {
		if signature, known = cc.host.Lookup(k.name, k.arity); known {
			newer(cc, call, signature)
		}
	}
	if k == (key{"findall", 3}) {
		cc.findall(goal, has)
		return
	}
	cc.vars.kinds.ofFacts(goal)
	cc.vars.kinds.ofRules(goal)
	cc.vars.kinds.builtin(goal)
	if known {
		if signature.Acts && !actions {
			cc.report(codeMisplaced, Error, call.Pos(), "make it a part of an event's own constraint",
				"%s is an action: it may not stand in a rule, under not or in a disjunction", k.name)
		}
		for i, p := range signature.Params {
			cc.vars.kinds.argument(goal.Args[i], p)
			if p.Mode == vocabulary.In {
				cc.input(goal.Args[i], has)
			}
		}
	} else if !cc.defined[k] && !cc.remembered[k] {
		unanswered(cc.checker, call, k)
	}
	has.bind(goal.Args...)
}

// unanswered reports a constraint that nobody is known to answer. Where nothing is known of the
// host, the text that says what its peers know tells of one that is spelled like it.
func unanswered(c *checker, call *syntax.Call, k key) {
	hint := elsewhere[k.name]
	if hint == "" {
		hint = nearest(c, k)
	}
	whoLacks := "no host answers"
	if c.host == nil {
		if !c.words.told || !strings.HasPrefix(hint, "did you mean") {
			return
		}
		whoLacks = "no peer is said to know"
	}
	lacks(c, Missing{Name: k.name, Arity: k.arity}, CodeUnanswered, Warning, call.Pos(), hint,
		"%s %s/%d: it is not built in and not in the text", whoLacks, k.name, k.arity)
}

// findall checks the goal of a findall; of its variables only the list stays bound.
func (cc *clauseCheck) findall(call *syntax.Const, has *bound) {
	within, known := has.within(), cc.vars.kinds
	cc.vars.kinds = known.within()
	defer func() { cc.vars.kinds = known }()
	if goal := syntax.Collected(call); goal != nil {
		cc.cons(goal, within, false)
	} else {
		cc.report(codeUnboundIn, Error, call.Args[1].Pos(), "write a constraint such as bid(P, B), or (bid(P, B) and B > 1)",
			"findall looks through the solutions of one constraint")
	}
	cc.needs(codeUnboundIn, call.Args[0], within, "solution is noted")
	has.bind(call.Args[2])
}

// input checks an argument that must be bound. The items of a literal list may be
// unbound, because a list can be taken apart whatever its items are.
func (cc *clauseCheck) input(arg syntax.Term, has *bound) {
	switch arg := arg.(type) {
	case *syntax.ListTerm:
		if arg.Tail != nil {
			cc.needs(codeUnboundIn, arg.Tail, has, "constraint is solved")
		}
	case *syntax.Wildcard:
		cc.report(codeUnboundIn, Error, arg.Pos(), "write a value, or a variable that has one", "_ has no value when the constraint is solved")
	default:
		cc.needs(codeUnboundIn, arg, has, "constraint is solved")
	}
}

// nearest suggests a constraint with the same name and other arguments, or with a
// similar name.
func nearest(c *checker, k key) string {
	if c.words.known == nil {
		c.knowNames()
	}
	if hint, ok := c.words.known[k.name]; ok {
		return hint
	}
	names := c.words.predicates
	if k.arity == 0 { // it may stand in an event's place
		names = append(slices.Clone(names), "null")
	}
	return didYouMean(k.name, names)
}

// knowNames collects, once, the suggestion for each known constraint.
func (c *checker) knowNames() {
	c.words.known = map[string]string{}
	add := func(name, hint string) {
		if _, ok := c.words.known[name]; !ok {
			c.words.known[name] = hint
			c.words.predicates = append(c.words.predicates, name)
		}
	}
	known := c.builtins.Predicates
	if c.host != nil {
		known = slices.Concat(known, c.host.Predicates)
	}
	for _, s := range known {
		add(s.Name, fmt.Sprintf("it has %s: %s", arguments(len(s.Params)), usage(s)))
	}
	for _, rule := range c.rules {
		add(rule.Head.Name, fmt.Sprintf("in %s it has %s", rule.Pos().Place(), arguments(len(rule.Head.Args))))
	}
	for _, k := range slices.SortedFunc(maps.Keys(c.remembered), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.arity, b.arity))
	}) {
		add(k.name, "the text says that it has "+arguments(k.arity))
	}
}

// usage prints the signature of a predicate, with the modes of its arguments.
func usage(s vocabulary.Signature) string {
	var params []string
	for _, p := range s.Params {
		params = append(params, string(rune(p.Mode))+p.Name)
	}
	return s.Name + "(" + strings.Join(params, ", ") + ")"
}
