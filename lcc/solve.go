package lcc

// solver solves the constraints of one look at one thread. It keeps an explicit stack
// of goals and of alternatives, for two reasons: a hostile rule cannot exhaust the
// stack of the process, and the solver can pause while an action runs and then continue
// or backtrack. It takes the first solution.
//
// It holds all bindings and changes of the look until the event is committed; restore
// discards them before another branch of the choice is tried.
type solver struct {
	m       *meter
	around  *surroundings
	agent   *agent
	thread  *thread
	tr      trail
	memory  []memoryChange // applied when the event is committed
	later   int            // answers that were "not known yet"
	pending int            // timeouts that have not elapsed
	elapsed bool           // a timeout elapsed
	acted   bool           // an action succeeded

	goal    *goal
	slabs   *slabs
	choices []choice
	asked   Term   // the action at which run stopped
	args    []Term // its arguments
	begun   []Term // actions requested on the current path
	spent   []Term // actions requested on failed paths
	why     string // detail of the last failed action

	workspace *Workspace
	tabling   *tabling
	plain     bool           // tables are not used
	derives   derivation     // of a helper
	open      [tableArgs]Var // the unbound arguments of derives
	lent      bool           // open is in use elsewhere
	of        *derivation    // that it works for; nil: it solves the constraints of an event
}

// goal is a constraint to solve, and its continuation.
type goal struct {
	c    *cnode
	f    *frame
	next *goal
	mark int // consSettled: the height of the choice stack at its not
	into *collector
}

// mark is a state of a look to restore.
type mark struct {
	trail, memory, begun int32
	cells                int
	slabs                slabsMark
	elapsed              bool
}

// choice is a backtracking point.
type choice struct {
	mark
	later   int
	next    *goal
	f       *frame
	parts   []*cnode    // the rest of a disjunction
	rules   []*rule     // the rest of a predicate
	tuples  [][]Term    // the rest of an enumeration
	args    []Term      // unified with rules and tuples
	from    *tableEntry // of a tabled call
	at      int         // instances taken from it
	barrier bool        // of a not: when no alternative is left, it holds
	into    *collector  // of a findall: when no alternative is left, it is complete
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

// begin prepares the solver for a look at a thread.
func (s *solver) begin(a *agent, t *thread) {
	s.agent, s.thread = a, t
	s.tr.forget()
	s.memory, s.begun, s.spent = s.memory[:0], nil, nil
	s.later, s.pending, s.elapsed, s.acted, s.why = 0, 0, false, false, ""
	if s.slabs == nil {
		s.slabs = s.workspace.takeSlabs()
	}
	s.slabs.giveBack(slabsMark{})
	s.cut()
}

// rest releases what a solver needs only during a look.
func (s *solver) rest() {
	if s.slabs == nil {
		return
	}
	s.cut()
	clear(s.choices[:cap(s.choices)])
	s.tr.forget()
	s.workspace.giveSlabs(s.slabs)
	s.slabs = nil
}

// cut discards the alternatives of the constraint that was solved last.
func (s *solver) cut() {
	s.choices, s.goal, s.asked, s.args = s.choices[:0], nil, nil, nil
}

func (s *solver) mark() mark {
	return mark{int32(len(s.tr.bound)), int32(len(s.memory)), int32(len(s.begun)), s.m.cells, s.slabs.mark(), s.elapsed}
}

func (s *solver) restore(to mark) {
	s.tr.undo(int(to.trail))
	s.memory, s.elapsed, s.m.cells = s.memory[:to.memory], to.elapsed, to.cells
	if len(s.begun) > int(to.begun) {
		s.spent = append(s.spent, s.begun[to.begun:]...)
		s.begun = s.begun[:to.begun]
	}
	s.slabs.giveBack(to.slabs)
}

// solve finds the first solution of a constraint. The alternatives remain for next,
// until the following constraint or cut.
func (s *solver) solve(c *cnode, f *frame) outcome {
	s.cut()
	if c == nil {
		return solved
	}
	s.plain = c.begins // an enumeration may be resumed after its action, when all has changed
	s.goal = s.slabs.goal(goal{c: c, f: f})
	return s.run()
}

// next finds another solution.
func (s *solver) next() outcome {
	if !s.backtrack() {
		return failed
	}
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

// achieved continues after the action at which run stopped succeeded.
func (s *solver) achieved(answer Answer) outcome {
	args := s.args
	s.asked, s.args, s.acted = nil, nil, true
	if len(answer.Solutions) > 0 && !s.unifyAll(args, answer.Solutions[0]) {
		return s.next()
	}
	return s.run()
}

// refused backtracks from the action at which run stopped.
func (s *solver) refused() outcome {
	s.asked, s.args = nil, nil
	return s.next()
}

// progresses reports whether the look did more than query.
func (s *solver) progresses() bool { return s.elapsed || s.acted || s.remembers() }

// remembers reports whether the look would change the agent's memory.
func (s *solver) remembers() bool {
	for _, change := range s.memory {
		s.m.steps += len(s.agent.memory.facts) / 8 // cost of the lookup
		s.m.step()
		if change.forget || s.agent.memory.find(change.fact) < 0 {
			return true
		}
	}
	return false
}

func (s *solver) execute(g *goal) bool {
	c := g.c
	switch c.kind {
	case consAnd:
		for i := len(c.parts) - 1; i >= 0; i-- {
			s.goal = s.slabs.goal(goal{c: c.parts[i], f: g.f, next: s.goal})
		}
		return true
	case consOr:
		s.push(choice{next: g.next, f: g.f, parts: c.parts})
		return false // backtracking takes the first part
	case consNot:
		height := len(s.choices)
		s.push(choice{next: g.next, barrier: true})
		s.goal = s.slabs.goal(goal{c: c.parts[0], f: g.f, next: s.slabs.goal(goal{c: settled, mark: height})})
		return true
	case consSettled:
		// The goal of a not has a solution: discard its alternatives and its bindings,
		// and fail.
		s.choices = s.choices[:g.mark]
		return false
	case consFindall:
		s.gather(c, g)
		return true
	case consCollected:
		s.collect(g.into)
		return false
	case consCompare:
		return s.compare(c.op, c.args[0], c.args[1], g.f)
	default:
		return s.call(c, g)
	}
}

var settled = &cnode{kind: consSettled}

func (s *solver) push(c choice) {
	c.mark, c.later = s.mark(), s.later
	s.m.alloc(1)
	s.choices = append(s.choices, c)
}

// pop leaves the alternative where it is; rest clears it.
func (s *solver) pop() { s.choices = s.choices[:len(s.choices)-1] }

// backtrack undoes everything since the latest alternative and takes that alternative.
// It returns false when none is left.
func (s *solver) backtrack() bool {
	for len(s.choices) > 0 {
		s.m.step()
		c := &s.choices[len(s.choices)-1]
		s.restore(c.mark)
		switch {
		case c.barrier:
			unknown, next, into := s.later > c.later, c.next, c.into
			s.pop()
			if unknown {
				continue // so the negation is not known either
			}
			s.goal = next
			if into == nil || s.gathered(into) {
				return true
			}
		case len(c.parts) > 0:
			s.goal = s.slabs.goal(goal{c: c.parts[0], f: c.f, next: c.next})
			c.parts = c.parts[1:]
			if len(c.parts) == 0 {
				s.pop()
			}
			return true
		case len(c.rules) > 0:
			r, args, next := c.rules[0], c.args, c.next
			c.rules = s.sift(c.rules[1:], args)
			if len(c.rules) == 0 && len(c.tuples) == 0 {
				s.pop()
			}
			if s.enterRule(r, args, next) {
				return true
			}
		case len(c.tuples) > 0:
			tuple, args, next := c.tuples[0], c.args, c.next
			c.tuples = s.siftTuples(c.tuples[1:], args)
			if len(c.tuples) == 0 {
				s.pop()
			}
			s.goal = next
			if s.unifyAll(args, tuple) {
				return true
			}
		case c.from != nil:
			args, next := c.args, c.next
			c.at++
			tuple, ok := s.agent.table.take(s, c.from, c.at-1, c.cells)
			if !ok {
				s.pop()
				continue
			}
			s.goal = next
			if s.unifyAll(args, tuple) {
				return true
			}
		default:
			s.pop()
		}
	}
	return false
}

func (s *solver) enterRule(r *rule, args []Term, next *goal) bool {
	var f *frame
	if len(r.names) > 0 {
		f = s.slabs.frame(r.names)
		s.m.alloc(1 + len(r.names))
	}
	for i, head := range r.args {
		if !s.m.match(&s.tr, head, f, args[i], false) {
			return false
		}
	}
	s.goal = next
	if r.body != nil {
		s.goal = s.slabs.goal(goal{c: r.body, f: f, next: next})
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

// tuples makes the goal hold once for each tuple, in order; the continuation is s.goal.
func (s *solver) tuples(args []Term, tuples [][]Term) bool {
	tuples = s.siftTuples(tuples, args)
	if len(tuples) == 0 {
		return false
	}
	first := tuples[0]
	if tuples = s.siftTuples(tuples[1:], args); len(tuples) > 0 {
		s.push(choice{next: s.goal, args: args, tuples: tuples})
	}
	return s.unifyAll(args, first)
}
