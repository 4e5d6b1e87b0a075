package lcc

import (
	"slices"

	"parley/lcc/vocabulary"
)

// call solves p(T1, ..., Tn). It is a built-in, or an action; else it tries the model's
// rules and facts, then the agent's memory. A predicate that the model does not define
// is looked up in the agent's memory and then at the host.
func (s *solver) call(c *cnode, g *goal) bool {
	args := s.slabs.take(len(c.args))
	for i, arg := range c.args {
		args[i] = s.m.term(arg, g.f)
	}
	if c.builtin != nil {
		return c.builtin(s, args)
	}
	if c.acts {
		return s.act(c, args)
	}
	if c.table > 0 {
		if holds, tabled := s.lookUp(c, args); tabled {
			return holds
		}
	}
	remembered := s.remembered(c)
	if c.defined {
		if s.around.extends != nil && s.around.extends(c.key.name, c.key.arity) {
			remembered = append(remembered[:len(remembered):len(remembered)], s.extension(c, args)...)
		}
		rules := c.rules
		if c.index != nil {
			if first := deref(args[0]); !isVar(first) {
				rules = c.index[indexed(first)]
			}
		}
		return s.rules(rules, args, remembered)
	}
	s.agent.depend(c.key.name)
	answer := s.ask(c, args)
	s.m.steps += askSteps + len(answer.Solutions)
	s.m.step()
	switch answer.Truth {
	case Later:
		s.later++
	case True:
		if len(answer.Solutions) == 0 {
			return true
		}
		s.m.alloc(len(answer.Solutions))
		if len(remembered) == 0 {
			return s.tuples(args, answer.Solutions)
		}
		return s.tuples(args, append(remembered[:len(remembered):len(remembered)], answer.Solutions...))
	}
	return s.tuples(args, remembered)
}

// extension returns what the World adds to a predicate that the text defines.
func (s *solver) extension(c *cnode, args []Term) [][]Term {
	s.agent.dependDirectly(c.key.name)
	answer, _ := s.around.world.Ask(s.m.resolve(NewTerm(c.key.name, slices.Clone(args)...)))
	if answer.Truth == True && len(answer.Solutions) == 0 {
		return [][]Term{args} // without arguments, or as it was asked
	}
	return answer.Solutions
}

// ask asks the World, or takes its answer from the table.
func (s *solver) ask(c *cnode, args []Term) Answer {
	if s.plain || s.agent.table == nil || c.ages {
		s.agent.uses.direct = true // its caller depends on it
		answer, _ := s.around.world.Ask(s.m.resolve(NewTerm(c.key.name, slices.Clone(args)...)))
		return answer
	}
	return s.agent.table.question(s, c.key, c.name, args).answer
}

// remembered returns the argument tuples of the remembered facts of a predicate.
func (s *solver) remembered(c *cnode) [][]Term {
	if !c.memorable {
		return nil
	}
	s.readMemory()
	return s.agent.memory.tuples(c.key)
}

// readMemory records that a derivation depends on the agent's memory.
func (s *solver) readMemory() {
	if d := s.of; d != nil && d.recording {
		d.entry.reads = append(d.entry.reads, read{stamp: s.agent.table.memory})
	}
}

// askSteps is the cost of a question to the host, without its answers.
const askSteps = 10

// act stops at an action to request it. An action that failed since the last change is
// not requested again: it does not hold.
func (s *solver) act(c *cnode, args []Term) bool {
	s.agent.dependDirectly(c.key.name)
	asked := s.m.resolve(NewTerm(c.key.name, slices.Clone(args)...))
	for _, list := range [][]Term{s.thread.refused, s.spent} {
		for _, done := range list {
			if s.m.variant(done, asked) {
				return false
			}
		}
	}
	for i, mode := range c.modes {
		if mode == vocabulary.In && !s.m.ground(args[i]) {
			throw(ReasonUnbound, "argument %d of %s must be bound before it is asked for", i+1, asked)
		}
	}
	s.asked, s.args = s.m.seal(asked), args
	s.begun = append(s.begun, s.asked)
	return true
}

// variant reports whether two resolved terms are equal up to renaming of unbound
// variables.
func (m *meter) variant(a, b Term) bool {
	stack := append(m.pairs[:0], pair{a, b})
	same := true
	for same && len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		m.step()
		x, y := deref(p.a), deref(p.b)
		cx, okx := x.(*Compound)
		cy, oky := y.(*Compound)
		if !okx || !oky {
			_, vx := x.(*Var)
			_, vy := y.(*Var)
			same = vx && vy || x == y
			continue
		}
		same = cx.Functor == cy.Functor && len(cx.Args) == len(cy.Args)
		for i := 0; same && i < len(cx.Args); i++ {
			stack = append(stack, pair{cx.Args[i], cy.Args[i]})
		}
	}
	m.pairs = stack[:0]
	return same
}
