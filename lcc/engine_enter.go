package lcc

import (
	"slices"

	"parley/lcc/syntax"
)

// This file implements the change of role.

// pathMax bounds the roles that one look may traverse.
const pathMax = 64

// nestingMax bounds the nesting of roles within an agent. A role in tail position does
// not count, because it replaces the role before it.
const nestingMax = 512

// enteredMax bounds the roles that are recorded for parking. A longer cycle without
// progress exceeds Limits.StepsPerEvent.
const enteredMax = 64

// tryEnter searches the clause of a role for an event that can happen; the role is
// entered only together with that event.
func (l *look) tryEnter(a *agent, t *thread, at *attempt) outcome {
	n, s := at.node, l.solver
	before := s.mark()
	if !l.mayEnter(t, n, at.frame) {
		s.restore(before)
		return failed
	}
	role, c, f := l.activate(n, at.frame)
	if l.refused[c.role] || l.full(a, c) {
		s.restore(before)
		return failed
	}
	for _, sc := range at.entered {
		if Equal(sc.role, role) {
			s.restore(before)
			return failed // the path already holds this role: no event can come of it
		}
	}
	if len(at.entered) >= pathMax {
		throw(ReasonLimit, "more than %d roles entered one within the other in search of an event", pathMax)
	}
	outside := *at
	at.scope = l.afterEnter(point{n.after, at.frame, at.next}, at.scope, role, c, &n.pos)
	at.next = &at.scope.end
	at.entered = append(at.entered[:len(at.entered):len(at.entered)], at.scope)
	at.node, at.frame = c.body, f
	t.offered = append(t.offered, role)
	if came := l.try(a, t, at); came != failed {
		return came
	}
	*at = outside
	s.restore(before)
	return failed
}

// enterAlone changes role at once: it is the only event here, so no other could happen
// instead. It returns false when the guard does not hold, and when a parked thread
// would only cycle again.
func (e *Engine) enterAlone(a *agent, t *thread) bool {
	sc, f := e.look.alone(a, t)
	if sc == nil {
		return false
	}
	a.moved = true
	e.commit(a, t)
	t.point, t.scope = point{sc.clause.body, f, &sc.end}, sc
	e.entered(a, t, sc)
	return true
}

// alone evaluates a change of role that is the only event. It returns the scope and the
// frame of the role, or nil when the role cannot be entered now.
func (l *look) alone(a *agent, t *thread) (*scope, *frame) {
	s := l.solver
	before := s.mark()
	if !l.mayEnter(t, t.node, t.frame) {
		s.restore(before)
		return nil, nil
	}
	role, c, f := l.activate(t.node, t.frame)
	if l.refused[c.role] || l.full(a, c) {
		s.restore(before)
		return nil, nil
	}
	sc := l.afterEnter(point{t.node.after, t.frame, t.next}, t.scope, role, c, &t.node.pos)
	if t.parked && t.entry(role, sc.end.point) != nil && !s.progresses() {
		s.restore(before)
		return nil, nil
	}
	return sc, f
}

// mayEnter solves the guard of a change of role. The guard has no action: the compiler
// made each one a separate event.
func (l *look) mayEnter(t *thread, n *node, f *frame) bool {
	s := l.solver
	if s.solve(n.guard, f) != solved {
		t.unsure = t.unsure || s.later > 0
		return false
	}
	s.cut()
	return true
}

// entered records that a role was entered. It parks the thread when the role was
// entered before, with the same continuation and without progress in between.
func (e *Engine) entered(a *agent, t *thread, sc *scope) {
	t.since = e.around.now
	if before := t.entry(sc.role, sc.end.point); before != nil {
		t.since = before.since // it never really left: its timeouts keep running
		if !t.parked {
			t.parked = true
			e.record(a, RecordPark, sc.pos, sc.role, nil, "")
		}
		return
	}
	e.record(a, RecordEnter, sc.pos, sc.role, nil, "")
	if len(t.entered) < enteredMax {
		t.entered = append(t.entered, entry{sc.role, sc.end.point, e.around.now})
	}
}

// afterEnter returns the scope of a role that is entered from outer. In tail position
// the new role replaces the one that is left, so a host may change role for ever.
func (l *look) afterEnter(to point, outer *scope, role Term, c *clause, pos *syntax.Position) *scope {
	if to.node == nil && to.next != nil && to.next.leave != nil {
		outer, to = to.next.leave.outer, to.next.point
	}
	if to.node == nil {
		to.frame = nil // the clause has no events left
	}
	l.m.alloc(4)
	sc := &scope{role: role, clause: c, outer: outer, pos: pos, ground: l.m.ground(role)}
	sc.end = cont{point: to, leave: sc}
	if outer != nil {
		sc.depth = outer.depth + 1
	}
	if sc.depth > nestingMax {
		throw(ReasonLimit, "more than %d roles entered one within the other: enter the next one last in its clause", nestingMax)
	}
	return sc
}

// activate returns the role, the clause and the frame for an event that enters a role.
func (l *look) activate(n *node, f *frame) (Term, *clause, *frame) {
	role := l.m.resolve(l.m.term(n.role.term, f))
	if !l.solver.matchPeer(n.role.id, l.around.self, f) {
		throw(ReasonFailed, "a(%s, ...) would make another peer change its role: an agent enters roles of its own peer only", role)
	}
	if n.role.clause != nil {
		_, args, _ := Name(role)
		return role, n.role.clause, l.frameOf(n.role.clause, args)
	}
	name, args, ok := Name(role)
	if !ok {
		throw(ReasonUnbound, "the role to enter is %s: it must be bound", role)
	}
	c := l.model.clauses[key{name, len(args)}]
	if c == nil {
		throw(ReasonNoRole, "no clause a(%s, ...) with %d arguments", name, len(args))
	}
	return role, c, l.frameOf(c, args)
}

// frameOf returns the frame of a clause for a role with these arguments.
func (l *look) frameOf(c *clause, args []Term) *frame {
	f := newFrame(c.names)
	l.fill(c, f, args)
	return f
}

// holdRole checks the size of a role with resolved arguments: the role is advertised
// and sent with each message.
func (m *meter) holdRole(name string, args []Term) {
	size := 0
	for _, arg := range args {
		size += encodedSize(arg)
	}
	if size > m.limits.MessageBytes {
		throw(ReasonLimit, "role %s with arguments of %d bytes, more than %d", name, size, m.limits.MessageBytes)
	}
}

// fill binds the arguments of a role in an empty frame of its clause.
func (l *look) fill(c *clause, f *frame, args []Term) {
	l.m.alloc(1 + len(c.names))
	l.m.holdRole(c.role, args)
	for i, template := range c.args {
		if !l.m.match(&l.solver.tr, template, f, args[i], false) {
			throw(ReasonFailed, "argument %d of role %s is %s, which its clause does not take", i+1, c.role, args[i])
		}
	}
	if !l.solver.matchPeer(c.id, l.around.self, f) {
		throw(ReasonFailed, "the clause of role %s is for another peer", c.role)
	}
}

// give binds variables of a clause before it begins.
func (l *look) give(c *clause, f *frame, given []Given) {
	for _, g := range given {
		at := slices.Index(c.names, g.Variable)
		if at < 0 {
			throw(ReasonUnbound, "the clause of role %s has no variable %s", c.role, g.Variable)
		}
		if !l.m.match(&l.solver.tr, slot(at), f, g.Value, true) {
			throw(ReasonFailed, "%s cannot be %s: it has another value", g.Variable, g.Value)
		}
	}
}
