package lcc

// solver answers one constraint for one event of one thread. It is a machine
// with an explicit stack of goals and of alternatives, so a hostile rule cannot
// exhaust the stack of the process, and so that it can stand still while an
// action is carried out and go on, or back into an alternative, when the
// answer comes. The first solution is taken.
type solver struct {
	m       *meter
	agent   *agent
	thread  *thread
	engine  *Engine
	since   Instant // when the event became current
	tr      trail
	goal    *goal
	choices []choice
	memory  []memoryChange // to be applied when the event happens
	later   int            // answers that were "not known yet"
	elapsed bool           // a timeout held
	acted   bool           // an action was achieved
	asked   Term           // the action that run stopped at
	args    []Term         // its arguments
}

// goal is a constraint still to be solved, and what comes after it.
type goal struct {
	c    *cnode
	f    *frame
	next *goal
	mark int // consSettled: the height of the alternatives at its not
}

// choice is a place to come back to when what follows fails.
type choice struct {
	trail, memory int
	later         int
	elapsed       bool
	next          *goal
	f             *frame
	parts         []*cnode // a disjunction's rest
	rules         []*rule  // a predicate's rest
	tuples        [][]Term // an enumeration's rest
	args          []Term   // what rules and tuples are unified with
	barrier       bool     // of a not: if nothing is left, it holds
}

type memoryChange struct {
	fact   Term
	forget bool
}

type outcome byte

const (
	failed outcome = iota
	solved
	waiting // for the action in solver.asked
)

func (s *solver) solve(c *cnode, f *frame) outcome {
	if c == nil {
		return solved
	}
	s.goal = &goal{c: c, f: f}
	return s.run()
}

func (s *solver) run() outcome {
	for s.goal != nil {
		s.m.step()
		g := s.goal
		s.goal = g.next
		ok := s.execute(g)
		if s.asked != nil {
			return waiting
		}
		if !ok && !s.backtrack() {
			return failed
		}
	}
	return solved
}

// achieved goes on after the action that run stopped at.
func (s *solver) achieved(answer Answer) outcome {
	args := s.args
	s.asked, s.args = nil, nil
	if len(answer.Solutions) > 0 && !s.tuples(args, answer.Solutions[:1]) {
		return failed
	}
	return s.run()
}

// progresses says whether the constraint did more than ask.
func (s *solver) progresses() bool { return s.elapsed || s.acted || len(s.memory) > 0 }

func (s *solver) execute(g *goal) bool {
	c := g.c
	switch c.kind {
	case consAnd:
		for i := len(c.parts) - 1; i >= 0; i-- {
			s.goal = &goal{c: c.parts[i], f: g.f, next: s.goal}
		}
		return true
	case consOr:
		s.push(choice{next: g.next, f: g.f, parts: c.parts})
		return false // backtracking takes the first part
	case consNot:
		mark := len(s.choices)
		s.push(choice{next: g.next, barrier: true})
		s.goal = &goal{c: c.parts[0], f: g.f, next: &goal{c: settled, mark: mark}}
		return true
	case consSettled:
		// The goal of a not has a solution: forget its other ways, and
		// what it bound, and fail.
		s.choices = s.choices[:g.mark]
		return false
	case consCompare:
		return s.compare(c.op, s.m.term(c.args[0], g.f), s.m.term(c.args[1], g.f))
	default:
		return s.call(c, g)
	}
}

var settled = &cnode{kind: consSettled}

func (s *solver) push(c choice) {
	c.trail, c.memory, c.later, c.elapsed = len(s.tr.vars), len(s.memory), s.later, s.elapsed
	s.m.alloc(1)
	s.choices = append(s.choices, c)
}

// backtrack undoes down to the latest alternative and takes it. It says false
// when none is left.
func (s *solver) backtrack() bool {
	for len(s.choices) > 0 {
		s.m.step()
		last := len(s.choices) - 1
		c := &s.choices[last]
		s.tr.undo(c.trail)
		s.memory = s.memory[:c.memory]
		s.elapsed = c.elapsed
		switch {
		case c.barrier:
			unknown := s.later > c.later
			next := c.next
			s.choices = s.choices[:last]
			if unknown {
				continue // the negation is not known either
			}
			s.goal = next
			return true
		case len(c.parts) > 0:
			s.goal = &goal{c: c.parts[0], f: c.f, next: c.next}
			c.parts = c.parts[1:]
			if len(c.parts) == 0 {
				s.choices = s.choices[:last]
			}
			return true
		case len(c.rules) > 0:
			r, args, next := c.rules[0], c.args, c.next
			c.rules = c.rules[1:]
			if len(c.rules) == 0 && len(c.tuples) == 0 {
				s.choices = s.choices[:last]
			}
			if s.enterRule(r, args, next) {
				return true
			}
		case len(c.tuples) > 0:
			tuple, args, next := c.tuples[0], c.args, c.next
			c.tuples = c.tuples[1:]
			if len(c.tuples) == 0 {
				s.choices = s.choices[:last]
			}
			s.goal = next
			if s.unifyAll(args, tuple) {
				return true
			}
		default:
			s.choices = s.choices[:last]
		}
	}
	return false
}

func (s *solver) enterRule(r *rule, args []Term, next *goal) bool {
	f := newFrame(r.names)
	s.m.alloc(1 + len(r.names))
	for i, head := range r.args {
		if !s.m.unify(&s.tr, s.m.term(head, f), args[i]) {
			return false
		}
	}
	s.goal = next
	if r.body != nil {
		s.goal = &goal{c: r.body, f: f, next: next}
	}
	return true
}

func (s *solver) unifyAll(args, tuple []Term) bool {
	if len(args) != len(tuple) {
		return false
	}
	for i := range args {
		if !s.m.unify(&s.tr, args[i], tuple[i]) {
			return false
		}
	}
	return true
}

// tuples makes the goal hold once for each tuple, in order; the continuation
// is s.goal.
func (s *solver) tuples(args []Term, tuples [][]Term) bool {
	if len(tuples) == 0 {
		return false
	}
	s.push(choice{next: s.goal, args: args, tuples: tuples})
	return s.backtrack()
}

// call answers p(T1, ..., Tn): a built-in; else the model's rules and facts,
// then what the agent remembers; and where the model says nothing of it, the
// host.
func (s *solver) call(c *cnode, g *goal) bool {
	args := make([]Term, len(c.args))
	for i, arg := range c.args {
		args[i] = s.m.term(arg, g.f)
	}
	if c.builtin != nil {
		return c.builtin(s, args)
	}
	if c.acts {
		return s.act(c, args)
	}
	remembered := s.agent.remembered(c.key)
	if c.defined {
		s.push(choice{next: s.goal, args: args, rules: c.rules, tuples: remembered})
		return false
	}
	s.agent.depend(c.key.name)
	answer, _ := s.engine.world.Ask(s.m.resolve(NewTerm(c.key.name, args...)))
	switch answer.Truth {
	case Later:
		s.later++
		return s.tuples(args, remembered)
	case True:
		if len(answer.Solutions) == 0 {
			return true
		}
		return s.tuples(args, append(remembered[:len(remembered):len(remembered)], answer.Solutions...))
	}
	return s.tuples(args, remembered)
}

// act stops at an action, to ask for it; one that was refused since anything
// changed does not hold.
func (s *solver) act(c *cnode, args []Term) bool {
	asked := s.m.resolve(NewTerm(c.key.name, args...))
	for _, refused := range s.thread.refused {
		if variant(refused, asked) {
			return false
		}
	}
	for i, mode := range c.modes {
		if mode == In && !s.m.ground(args[i]) {
			throw(ReasonUnbound, "argument %d of %s must be bound", i+1, asked)
		}
	}
	s.asked, s.args = asked, args
	return true
}

// variant says whether two resolved goals are the same but for the names of
// their unbound variables.
func variant(a, b Term) bool {
	_, va := a.(*Var)
	_, vb := b.(*Var)
	if va || vb {
		return va && vb
	}
	ca, oka := a.(*Compound)
	cb, okb := b.(*Compound)
	if !oka || !okb {
		return a == b
	}
	if ca.Functor != cb.Functor || len(ca.Args) != len(cb.Args) {
		return false
	}
	for i := range ca.Args {
		// Bounded by Limits.TermDepth, and by Limits.ListItems for a list.
		if !variant(ca.Args[i], cb.Args[i]) {
			return false
		}
	}
	return true
}
