package lcc

// This file drops rules and tuples that a look at the outside of their arguments rules
// out, so that neither leaves an alternative.

// sift is an argument of a rule's head that is not a variable.
type sift struct {
	place   int
	value   Term // atomic; nil: a compound term
	functor string
	arity   int
}

// sifts returns what calls of a rule must match.
func sifts(args []Term) (list []sift) {
	for i, arg := range args {
		switch t := arg.(type) {
		case slot, void:
		case *pattern:
			list = append(list, sift{place: i, functor: t.functor, arity: len(t.args)})
		case *Compound:
			list = append(list, sift{place: i, functor: t.Functor, arity: len(t.Args)})
		default:
			list = append(list, sift{place: i, value: t})
		}
	}
	return list
}

func (w *sift) passes(arg Term) bool {
	switch t := deref(arg).(type) {
	case *Var:
		return true
	case *Compound:
		return w.value == nil && w.arity == len(t.Args) && w.functor == t.Functor
	default:
		return w.value != nil && sameAtomic(w.value, t)
	}
}

// passes reports whether a call may match the rule.
func (r *rule) passes(args []Term) bool {
	for i := range r.sifts {
		if !r.sifts[i].passes(args[r.sifts[i].place]) {
			return false
		}
	}
	return true
}

// rules makes the goal hold once for each rule, in order, and then for each tuple; the
// continuation is s.goal.
func (s *solver) rules(rules []*rule, args []Term, tuples [][]Term) bool {
	if rules = s.sift(rules, args); len(rules) == 0 {
		return s.tuples(args, tuples)
	}
	first, next := rules[0], s.goal
	if rules = s.sift(rules[1:], args); len(rules) > 0 || len(tuples) > 0 {
		s.push(choice{next: next, args: args, rules: rules, tuples: tuples})
	}
	return s.enterRule(first, args, next)
}

// sift drops the rules before the first one that may match.
func (s *solver) sift(rules []*rule, args []Term) []*rule {
	for len(rules) > 0 && !rules[0].passes(args) {
		s.m.step()
		rules = rules[1:]
	}
	return rules
}

// siftTuples drops the tuples before the first one that may match.
func (s *solver) siftTuples(tuples [][]Term, args []Term) [][]Term {
	for len(tuples) > 0 && !passes(tuples[0], args) {
		s.m.step()
		tuples = tuples[1:]
	}
	return tuples
}

func passes(tuple, args []Term) bool {
	if len(tuple) != len(args) {
		return false
	}
	for i, arg := range args {
		if !mayEqual(deref(arg), tuple[i]) {
			return false
		}
	}
	return true
}

// mayEqual reports whether the outsides of two terms allow that they unify: what they
// are, and for compound terms also what their arguments are.
func mayEqual(a, b Term) bool {
	c, compound := a.(*Compound)
	if !compound {
		return outsideEqual(a, b)
	}
	d, compound := b.(*Compound)
	if !compound {
		return isVar(b)
	}
	if c == d {
		return true
	}
	if len(c.Args) != len(d.Args) || c.Functor != d.Functor {
		return false
	}
	for i, arg := range c.Args {
		if !outsideEqual(deref(arg), deref(d.Args[i])) {
			return false
		}
	}
	return true
}

func outsideEqual(a, b Term) bool {
	switch a := a.(type) {
	case *Var:
		return true
	case *Compound:
		d, compound := b.(*Compound)
		return compound && len(a.Args) == len(d.Args) && a.Functor == d.Functor || isVar(b)
	}
	return sameAtomic(a, b) || isVar(b)
}

func isVar(t Term) bool {
	_, is := t.(*Var)
	return is
}

// ruleIndex finds the rules of a predicate by their first argument.
type ruleIndex map[Term][]*rule

// indexFrom is the number of rules from which an index pays.
const indexFrom = 9

// indexRules returns nil where a first argument is not atomic.
func indexRules(rules []*rule) ruleIndex {
	if len(rules) < indexFrom {
		return nil
	}
	index := ruleIndex{}
	for _, r := range rules {
		if len(r.sifts) == 0 || r.sifts[0].place != 0 || r.sifts[0].value == nil {
			return nil
		}
		first := indexed(r.sifts[0].value)
		index[first] = append(index[first], r)
	}
	return index
}
