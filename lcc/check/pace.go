package check

import "parley/lcc/syntax"

// This file determines whether an event can happen without a wait, and again on the
// next round.

// pace says how soon a constraint that held holds again.
type pace byte

const (
	free  pace = iota // at once: it only computes with known values
	hangs             // at once, as long as the host's knowledge is unchanged
	waits             // unknown: it depends on time, a partner or changes by the agent itself
)

// pacer holds the paces of a text's predicates, and the current clause.
type pacer struct {
	*checker
	paces map[key]pace   // of predicates that rules define
	first map[string]int // the first position of each variable of the clause
}

// newPacer analyses all rules: a caller depends on everything that the rule depends on.
func (c *checker) newPacer() *pacer {
	p := &pacer{checker: c, paces: map[key]pace{}}
	callers := map[key][]key{}
	var list []key
	raise := func(k key, to pace) {
		if to > p.paces[k] {
			p.paces[k] = to
			list = append(list, k)
		}
	}
	for _, rule := range c.rules {
		head := key{rule.Head.Name, len(rule.Head.Args)}
		p.paces[head] = max(p.paces[head], free)
		if rule.Body == nil {
			continue
		}
		syntax.WalkCons(rule.Body, func(part syntax.Cons) {
			for _, k := range goals(part) {
				callers[k] = append(callers[k], head)
				raise(head, p.hidden(k))
			}
		})
	}
	for len(list) > 0 {
		k := list[len(list)-1]
		list = list[:len(list)-1]
		for _, caller := range callers[k] {
			raise(caller, p.paces[k])
		}
	}
	return p
}

// goals returns the goals in a part of a constraint, including those in a findall.
func goals(part syntax.Cons) (list []key) {
	call, ok := part.(*syntax.Call)
	if !ok {
		return nil
	}
	list = append(list, key{call.Goal.Name, len(call.Goal.Args)})
	if inner := syntax.Collected(call.Goal); inner != nil {
		syntax.WalkCons(inner, func(part syntax.Cons) { list = append(list, goals(part)...) })
	}
	return list
}

// enter starts the analysis of a clause.
func (p *pacer) enter(clause *syntax.Clause) {
	u := newUses()
	u.terms(clause.Agent.Role, clause.Agent.ID)
	syntax.Walk(clause.Body, u.event)
	p.first = map[string]int{}
	for name, at := range u.at {
		p.first[name] = at.Offset
	}
}

// hidden returns the pace of a question whose answer is not tracked: in a rule, under
// not, in a disjunction.
func (p *pacer) hidden(k key) pace {
	if p.own(k) {
		return waits
	}
	return p.question(k)
}

// own reports whether the agent itself may change the answer to a question, by a note
// or by its memory.
func (p *pacer) own(k key) bool {
	return k == key{"noted", 3} || k == key{"known", 1} || k == key{"retract", 1} || p.remembered[k]
}

// question returns the pace of a predicate.
func (p *pacer) question(k key) pace {
	if pace, ok := p.paces[k]; ok && !p.remembered[k] {
		return pace
	}
	switch k.name {
	case "timeout", "failed":
		return waits
	case "player", "leastPlayer":
		return hangs
	}
	if _, builtin := p.builtins.Lookup(k.name, k.arity); builtin {
		return free
	}
	s, known := p.host.Lookup(k.name, k.arity)
	switch {
	case known && s.AtOnce:
		return free
	case known && !s.Acts, p.remembered[k]:
		return hangs
	}
	return waits
}

// event returns the pace of an event, and its action that is answered at once; "" for
// none.
func (p *pacer) event(d syntax.Def) (slowest pace, act string) {
	if _, ok := d.(*syntax.Receive); ok {
		return waits, ""
	}
	e := eventPace{pacer: p, kept: map[key]bool{}, own: map[string]bool{}}
	for _, cons := range syntax.Constraints(d) {
		syntax.WalkCons(cons, e.remember)
	}
	for _, cons := range syntax.Constraints(d) {
		e.conjuncts(cons)
	}
	return e.slowest, e.act
}

// eventPace accumulates the pace over the constraints of one event.
type eventPace struct {
	pacer   *pacer
	kept    map[key]bool    // facts that it remembers
	own     map[string]bool // variables whose value the agent itself may change
	slowest pace
	act     string
}

func (e *eventPace) raise(to pace) { e.slowest = max(e.slowest, to) }

func (e *eventPace) remember(part syntax.Cons) {
	call, ok := part.(*syntax.Call)
	if !ok {
		return
	}
	k := key{call.Goal.Name, len(call.Goal.Args)}
	if k == (key{"k", 1}) {
		e.kept[factOf(call)] = true
	}
	if e.pacer.own(k) {
		for _, name := range syntax.Variables(call.Goal.Args...) {
			e.own[name] = true
		}
	}
}

func factOf(call *syntax.Call) key {
	fact, ok := call.Goal.Args[0].(*syntax.Const)
	if !ok {
		return key{}
	}
	return key{fact.Name, len(fact.Args)}
}

// conjuncts analyses the parts of a conjunction.
func (e *eventPace) conjuncts(cons syntax.Cons) {
	for _, part := range conjuncts(cons) {
		switch part := part.(type) {
		case *syntax.Call:
			e.call(part)
		case *syntax.Compare:
			if part.Op != "is" && e.mentionsOwn(part.Left, part.Right) {
				e.raise(waits)
			}
		default:
			syntax.WalkCons(part, func(c syntax.Cons) {
				for _, k := range goals(c) {
					e.raise(e.pacer.hidden(k))
				}
			})
		}
	}
}

func (e *eventPace) mentionsOwn(terms ...syntax.Term) bool {
	for _, name := range syntax.Variables(terms...) {
		if e.own[name] {
			return true
		}
	}
	return false
}

func (e *eventPace) call(call *syntax.Call) {
	k := key{call.Goal.Name, len(call.Goal.Args)}
	if s, ok := e.pacer.host.Lookup(k.name, k.arity); ok && s.AtOnce {
		e.act = k.name
	}
	switch {
	case k == key{"retract", 1} && e.kept[factOf(call)]: // the event remembers the fact again, as a counter does
	case k == key{"retract", 1}, k == key{"findall", 3}:
		for _, k := range goals(call) {
			e.raise(e.pacer.hidden(k))
		}
	case e.pacer.own(k):
		e.raise(hangs)
		if !e.takesAny(call) {
			e.raise(waits)
		}
	default:
		e.raise(e.pacer.question(k))
	}
}

// takesAny reports whether a question accepts any answer: its arguments after the name
// are variables that do not occur before.
func (e *eventPace) takesAny(call *syntax.Call) bool {
	args := call.Goal.Args
	if call.Goal.Name == "noted" {
		args = args[1:]
	}
	if call.Goal.Name == "known" {
		fact, ok := args[0].(*syntax.Const)
		if !ok {
			return false
		}
		args = fact.Args
	}
	for _, arg := range args {
		switch arg := arg.(type) {
		case *syntax.Wildcard:
		case *syntax.Var:
			if e.pacer.first[arg.Name] < call.Pos().Offset {
				return false
			}
		default:
			return false
		}
	}
	return true
}
