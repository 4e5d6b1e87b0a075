package lcc

// This file is the change of role.

// pathMax bounds the roles that one look may go through.
const pathMax = 64

// nestingMax bounds the roles that an agent plays one within the other. Roles in
// tail position do not count: they take each other's place.
const nestingMax = 512

// enteredMax bounds the roles that are remembered for parking. A longer cycle
// without progress runs into Limits.StepsPerEvent.
const enteredMax = 64

// tryEnter looks into the clause of a role for an event that can happen; the
// role is entered only with it.
func (e *Engine) tryEnter(a *agent, t *thread, at attempt) bool {
	n, s := at.node, e.solver
	before := s.mark()
	if !e.mayEnter(t, n, at.frame) {
		s.restore(before)
		return false
	}
	role, c, f := e.activate(n, at.frame)
	if e.full(a, c) {
		s.restore(before)
		return false
	}
	for _, sc := range at.entered {
		if Equal(sc.role, role) {
			s.restore(before)
			return false // a role on the way already: no event can come of it
		}
	}
	if len(at.entered) >= pathMax {
		throw(ReasonLimit, "more than %d roles entered one within the other in search of an event", pathMax)
	}
	at.next, at.scope = e.afterEnter(n, at.next, at.scope, role, c)
	at.entered = append(at.entered[:len(at.entered):len(at.entered)], at.scope)
	at.node, at.frame = c.body, f
	t.offered = append(t.offered, role)
	if e.try(a, t, at) {
		return true
	}
	s.restore(before)
	return false
}

// enterAlone changes role at once: the event stands alone, so nothing else
// could happen instead. It says false where the guard does not hold, and where
// the thread was parked and would only go round again.
func (e *Engine) enterAlone(a *agent, t *thread) bool {
	s := e.solver
	before := s.mark()
	if !e.mayEnter(t, t.node, t.frame) {
		s.restore(before)
		return false
	}
	role, c, f := e.activate(t.node, t.frame)
	if e.full(a, c) {
		s.restore(before)
		return false
	}
	next, sc := e.afterEnter(t.node, t.next, t.scope, role, c)
	if t.parked && t.entry(role, sc.after) != nil && !s.progresses() {
		s.restore(before)
		return false
	}
	a.moved = true
	e.commit(a, t)
	t.next, t.scope = next, sc
	t.node, t.frame = c.body, f
	e.entered(a, t, sc)
	return true
}

// mayEnter solves the guard of a change of role. The compiler made an action in
// it into an event of its own, so it is only asked.
func (e *Engine) mayEnter(t *thread, n *node, f *frame) bool {
	s := e.solver
	if s.solve(n.guard, f) != solved {
		t.unsure = t.unsure || s.later > 0
		return false
	}
	s.cut()
	return true
}

// entered notes that a role was entered, and parks the thread when the role
// was entered before, to the same end, without any progress in between.
func (e *Engine) entered(a *agent, t *thread, sc *scope) {
	t.since = e.now
	if before := t.entry(sc.role, sc.after); before != nil {
		t.since = before.since // it never really left: its timeouts go on
		if !t.parked {
			t.parked = true
			e.record(a, RecordPark, sc.pos, sc.role, nil, "")
		}
		return
	}
	e.record(a, RecordEnter, sc.pos, sc.role, nil, "")
	if len(t.entered) < enteredMax {
		t.entered = append(t.entered, entry{sc.role, sc.after, e.now})
	}
}

// afterEnter returns what follows a role and its scope. In tail position the
// role that is left gives its place, so a host may change role for ever.
func (e *Engine) afterEnter(n *node, next *cont, outer *scope, role Term, c *clause) (*cont, *scope) {
	if next != nil && next.leave != nil {
		outer, next = next.leave.outer, next.next
	}
	e.meter.alloc(4)
	sc := &scope{role: role, clause: c, outer: outer, after: next, pos: &n.pos, ground: e.meter.ground(role)}
	if outer != nil {
		sc.depth = outer.depth + 1
	}
	if sc.depth > nestingMax {
		throw(ReasonLimit, "more than %d roles entered one within the other: enter the next one last in its clause", nestingMax)
	}
	return &cont{leave: sc, next: next}, sc
}

// activate makes the frame of a clause from an event that enters its role.
func (e *Engine) activate(n *node, f *frame) (Term, *clause, *frame) {
	role := e.meter.resolve(e.meter.term(n.role.term, f))
	if !e.matchPeer(n.role.id, e.selfTerm, f) {
		throw(ReasonFailed, "a(%s, ...) would make another peer change its role: an agent enters roles of its own peer only", role)
	}
	if n.role.clause != nil {
		_, args, _ := Name(role)
		return role, n.role.clause, e.frameOf(n.role.clause, args)
	}
	name, args, ok := Name(role)
	if !ok {
		throw(ReasonUnbound, "the role to enter is %s: it must be bound", role)
	}
	c := e.model.clauses[key{name, len(args)}]
	if c == nil {
		throw(ReasonNoRole, "no clause a(%s, ...) with %d arguments", name, len(args))
	}
	return role, c, e.frameOf(c, args)
}

// frameOf makes the frame of a clause for a role with these arguments.
func (e *Engine) frameOf(c *clause, args []Term) *frame {
	f := newFrame(c.names)
	e.meter.alloc(1 + len(c.names))
	for i, template := range c.args {
		if !e.meter.match(&e.solver.tr, template, f, args[i], false) {
			throw(ReasonFailed, "argument %d of role %s is %s, which its clause does not take", i+1, c.role, args[i])
		}
	}
	if !e.matchPeer(c.id, e.selfTerm, f) {
		throw(ReasonFailed, "the clause of role %s is for another peer", c.role)
	}
	return f
}
