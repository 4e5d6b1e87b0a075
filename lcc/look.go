package lcc

import "slices"

// This file looks for the first event of a thread that can happen, and makes
// it happen: the reduction of LCC.md 2.

// attempt is an event that is being tried, with everything that has to be done
// if it happens. Nothing of it is visible before.
type attempt struct {
	node    *node
	frame   *frame
	next    *cont
	scope   *scope
	entered []*scope // roles entered on the way, outermost first
	spawn   []*thread
	message *Message // receive: the one that matches
	mailAt  int      // its place in the mailbox
	targets []target // send
}

// target is one receiver of a send.
type target struct {
	peer PeerID
	role Term
}

// advance runs one thread until no event of it can happen; true when anything
// did.
func (e *Engine) advance(a *agent, t *thread) (moved bool) {
	for t.engaged == nil && t.node != nil {
		switch t.node.kind {
		case nodeThen:
			t.next = &cont{node: t.node.rest, frame: t.frame, next: t.next}
			t.node = t.node.first
		case nodePar:
			e.fork(a, t)
			moved = true
		case nodeEnter:
			// It stands alone, so nothing else could happen instead: the
			// role is entered as soon as its guard holds.
			s := e.newSolver(a, t)
			if e.guardOfEnter(s, t.node, t.frame) != solved {
				return moved
			}
			e.enter(a, t)
			moved = true
		default:
			at := attempt{node: t.node, frame: t.frame, next: t.next, scope: t.scope}
			if !e.try(a, t, at) {
				return moved
			}
			moved = true
		}
	}
	return moved
}

// guardOfEnter solves the guard of a change of role, undone where it fails.
func (e *Engine) guardOfEnter(s *solver, n *node, f *frame) outcome {
	result := s.solve(n.guard, f)
	switch result {
	case failed:
		s.tr.undo(0)
	case waiting:
		throw(ReasonType, "the action %s guards a change of role: write it as an event of its own before the role", s.asked)
	}
	return result
}

// try tries one place of a definition. It says true when an event happened or
// an action of one was asked for, so that no other branch is looked at.
func (e *Engine) try(a *agent, t *thread, at attempt) bool {
	e.meter.step()
	n := at.node
	switch n.kind {
	case nodeThen:
		at.next = &cont{node: n.rest, frame: at.frame, next: at.next}
		at.node = n.first
		return e.try(a, t, at)
	case nodeOr:
		for _, branch := range n.branches {
			inner := at
			inner.node = branch
			if e.try(a, t, inner) {
				return true
			}
		}
		return false
	case nodePar:
		return e.tryPar(a, t, at)
	case nodeEnter:
		return e.tryEnter(a, t, at)
	case nodeReceive:
		return e.tryReceive(a, t, at)
	}
	s := e.newSolver(a, t)
	return e.settle(a, t, s, s.solve(n.guard, at.frame), at)
}

// tryPar looks for the first event of any branch; if one happens the others
// go on beside it.
func (e *Engine) tryPar(a *agent, t *thread, at attempt) bool {
	for i, branch := range at.node.branches {
		inner := at
		j := &join{remaining: len(at.node.branches)}
		inner.next = &cont{join: j, next: at.next}
		inner.node = branch
		inner.spawn = append([]*thread(nil), at.spawn...)
		for k, other := range at.node.branches {
			if k != i {
				inner.spawn = append(inner.spawn, &thread{
					node: other, frame: at.frame, scope: at.scope, since: e.now,
					next: &cont{join: j, next: at.next},
				})
			}
		}
		if e.try(a, t, inner) {
			return true
		}
	}
	return false
}

// fork begins the branches of a par that stands alone.
func (e *Engine) fork(a *agent, t *thread) {
	n := t.node
	j := &join{remaining: len(n.branches)}
	next := &cont{join: j, next: t.next}
	for _, branch := range n.branches[1:] {
		a.threads = append(a.threads, &thread{node: branch, frame: t.frame, next: next, scope: t.scope, since: e.now})
	}
	t.node, t.next, t.since = n.branches[0], next, e.now
}

// tryEnter looks into the clause of a role for an event that can happen; the
// role is entered only with it.
func (e *Engine) tryEnter(a *agent, t *thread, at attempt) bool {
	n := at.node
	s := e.newSolver(a, t)
	if e.guardOfEnter(s, n, at.frame) != solved {
		return false
	}
	role, c, f := e.activate(a, n, at.frame, &s.tr)
	for _, sc := range at.entered {
		if Equal(sc.role, role) {
			s.tr.undo(0)
			return false // a role on the way already: no event can come of it
		}
	}
	if a.enteredSince(role) != nil && len(at.entered) == 0 && t.parked {
		s.tr.undo(0)
		return false
	}
	at.next, at.scope = afterEnter(at.next, at.scope, role, c)
	at.entered = append(at.entered[:len(at.entered):len(at.entered)], at.scope)
	at.node, at.frame = c.body, f
	a.offered = append(a.offered, role)
	if e.try(a, t, at) {
		return true
	}
	s.tr.undo(0)
	return false
}

// enter changes role at once: the event stands alone, nothing else can happen.
func (e *Engine) enter(a *agent, t *thread) {
	var tr trail
	role, c, f := e.activate(a, t.node, t.frame, &tr)
	t.next, t.scope = afterEnter(t.next, t.scope, role, c)
	t.node, t.frame = c.body, f
	e.entered(a, t, t.scope)
}

// entered notes that a role was entered, and parks the thread when the role
// was entered before without any progress in between.
func (e *Engine) entered(a *agent, t *thread, sc *scope) {
	t.since = e.now
	if before := a.enteredSince(sc.role); before != nil {
		t.since = before.since // it never really left: its timeouts go on
		if !t.parked {
			t.parked = true
			e.record(a, RecordPark, sc.role, nil, "")
		}
		return
	}
	e.record(a, RecordEnter, sc.role, nil, "")
	if len(a.entered) < enteredMax {
		a.entered = append(a.entered, entry{sc.role, e.now})
	}
}

// enteredMax bounds the roles that are remembered for parking. A longer cycle
// without progress runs into Limits.StepsPerEvent.
const enteredMax = 64

func (a *agent) enteredSince(role Term) *entry {
	for i := range a.entered {
		if Equal(a.entered[i].role, role) {
			return &a.entered[i]
		}
	}
	return nil
}

// afterEnter returns what follows a role and its scope. In tail position the
// role that is left gives its place, so a host may change role for ever.
func afterEnter(next *cont, outer *scope, role Term, c *clause) (*cont, *scope) {
	if next != nil && next.leave != nil {
		outer, next = next.leave.outer, next.next
	}
	sc := &scope{role: role, name: c.role, outer: outer}
	return &cont{leave: sc, next: next}, sc
}

// activate makes the frame of a clause from an event that enters its role.
func (e *Engine) activate(a *agent, n *node, f *frame, tr *trail) (Term, *clause, *frame) {
	role := e.meter.resolve(e.meter.term(n.role.term, f))
	if !e.samePeer(tr, e.meter.term(n.role.id, f), e.self) {
		throw(ReasonFailed, "a(%s, ...) would make another peer change its role: an agent enters roles of its own peer only", role)
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
	var tr trail
	for i, template := range c.args {
		if !e.meter.unify(&tr, e.meter.term(template, f), args[i]) {
			throw(ReasonFailed, "argument %d of role %s is %s, which its clause does not take", i+1, c.role, args[i])
		}
	}
	if !e.samePeer(&tr, e.meter.term(c.id, f), e.self) {
		throw(ReasonFailed, "the clause of role %s is for another peer", c.role)
	}
	return f
}

// samePeer unifies a term with a peer's id: a String and an Atom of its
// spelling are both that peer.
func (e *Engine) samePeer(tr *trail, t Term, id PeerID) bool {
	switch t := deref(t).(type) {
	case *Var:
		tr.bind(t, String(id))
		return true
	case String:
		return string(t) == string(id)
	case Atom:
		return string(t) == string(id)
	}
	return false
}

// tryReceive looks for the first message in the mailbox that matches.
func (e *Engine) tryReceive(a *agent, t *thread, at attempt) bool {
	n := at.node
	for i := range a.mail {
		m := &a.mail[i]
		if name, _, _ := Name(m.To.Role); name != at.scope.name {
			continue
		}
		s := e.newSolver(a, t)
		if !e.matches(s, n, at.frame, m) {
			s.tr.undo(0)
			continue
		}
		inner := at
		inner.message, inner.mailAt = m, i
		if e.settle(a, t, s, s.solve(n.guard, at.frame), inner) {
			return true
		}
	}
	return false
}

func (e *Engine) matches(s *solver, n *node, f *frame, m *Message) bool {
	name, args, _ := Name(m.From.Role)
	if n.role.name != "" && n.role.name != name {
		return false
	}
	if n.role.name == "" && !e.meter.unify(&s.tr, e.meter.term(n.role.term, f), m.From.Role) {
		return false
	}
	if len(n.role.args) > 0 {
		if len(args) != len(n.role.args) {
			return false
		}
		for i, template := range n.role.args {
			if !e.meter.unify(&s.tr, e.meter.term(template, f), args[i]) {
				return false
			}
		}
	}
	return e.samePeer(&s.tr, e.meter.term(n.role.id, f), m.From.Peer) &&
		e.meter.unify(&s.tr, e.meter.term(n.message, f), m.Body)
}

// settle goes on with an event once its constraint was looked at.
func (e *Engine) settle(a *agent, t *thread, s *solver, result outcome, at attempt) bool {
	switch result {
	case failed:
		s.tr.undo(0)
		if at.node.kind == nodeEffect && s.later == 0 {
			throw(ReasonFailed, "what had to be achieved after a message was received does not hold")
		}
		return false
	case waiting:
		e.engage(a, t, s, at)
		return true
	}
	if at.node.kind == nodeSend && !e.address(a, s, &at) {
		s.tr.undo(0)
		return false
	}
	if t.parked && at.node.kind == nodeNull && !s.progresses() {
		s.tr.undo(0)
		return false // this way led back to where the thread is parked
	}
	e.happen(a, t, s, at)
	return true
}

// engage asks for the action that the solver stopped at; the thread waits.
func (e *Engine) engage(a *agent, t *thread, s *solver, at attempt) {
	if at.message != nil {
		// Other threads must not take the message meanwhile; release puts
		// it back if the action is not achieved.
		m := *at.message
		a.mail = slices.Delete(a.mail, at.mailAt, at.mailAt+1)
		at.message, at.mailAt = &m, -1
	}
	e.lastRequest++
	t.engaged = &engagement{request: e.lastRequest, solver: s, try: at}
	e.requests[e.lastRequest] = request{a, t}
	e.record(a, RecordSolve, at.scope.role, s.asked, "")
	e.out = append(e.out, Solve{Request: e.lastRequest, Agent: a.id, Goal: s.asked})
}

// solved goes on with the event that waited for an action.
func (e *Engine) solved(a *agent, t *thread, answer Answer) {
	g := t.engaged
	t.engaged = nil
	goal := g.solver.asked
	if answer.Truth == True {
		e.record(a, RecordSolved, g.try.scope.role, goal, "")
		g.solver.acted = true
		e.settle(a, t, g.solver, g.solver.achieved(answer), g.try)
		return
	}
	e.record(a, RecordFailed, g.try.scope.role, goal, "")
	// The choice is looked at anew with this action refused, which goes back
	// into other solutions of its constraint and on to other branches.
	t.refused = append(t.refused, goal)
	g.solver.tr.undo(0)
	if g.try.message != nil {
		a.mail = slices.Insert(a.mail, 0, *g.try.message)
	}
}

// happen makes an event happen: from here on it cannot be taken back.
func (e *Engine) happen(a *agent, t *thread, s *solver, at attempt) {
	if s.progresses() || at.node.kind == nodeSend || at.node.kind == nodeReceive {
		a.progress()
		t.parked = false
	}
	t.refused = nil
	for _, sc := range at.entered {
		e.entered(a, t, sc)
	}
	t.scope = at.scope
	switch at.node.kind {
	case nodeSend:
		e.send(a, at)
	case nodeReceive:
		e.take(a, at)
	}
	for _, change := range s.memory {
		if change.forget {
			a.forget(change.fact)
		} else {
			a.remember(change.fact)
		}
	}
	if len(a.memory) > 0 {
		e.chargeMemory(a)
	}
	a.threads = append(a.threads, at.spawn...)
	e.proceed(a, t, at.next)
}

// chargeMemory holds what an agent remembers against its limit.
func (e *Engine) chargeMemory(a *agent) {
	cells := 0
	for _, m := range a.memory {
		cells += 1 + termCells(m.args)
	}
	if cells > e.meter.limits.CellsPerAgent {
		throw(ReasonLimit, "more than %d term cells remembered: retract what is no longer needed", e.meter.limits.CellsPerAgent)
	}
}

// proceed moves a thread on to what comes after an event. A thread without a
// node has ended.
func (e *Engine) proceed(a *agent, t *thread, next *cont) {
	t.node, t.since = nil, e.now
	for next != nil {
		switch {
		case next.node != nil:
			t.node, t.frame, t.next = next.node, next.frame, next.next
			return
		case next.leave != nil:
			t.scope = next.leave.outer
		case next.join != nil:
			next.join.remaining--
			if next.join.remaining > 0 {
				return
			}
		}
		next = next.next
	}
}
