package lcc

// This file commits the event that a look found.

// refusedMax bounds the failed actions that a thread does not request again.
const refusedMax = 64

// follow carries out the outcome of a look at a thread: nothing, an event, or an action
// that an event waits for. It reports whether there was anything to do.
func (e *Engine) follow(a *agent, t *thread, came outcome) bool {
	switch came {
	case solved:
		e.happen(a, t, &e.look.found)
	case waiting:
		e.await(a, t, &e.look.found)
	}
	return came != failed
}

// await requests the action at which the solver stopped. The thread waits, and no other
// branch of its choice is tried.
func (e *Engine) await(a *agent, t *thread, at *attempt) {
	a.acts(e.around.now, e.meter.limits.ActionsAtOnce)
	s := e.look.solver
	if at.mail != nil {
		at.mail.held = true // no other thread may take it in the meantime
	}
	at.grounds = e.grounds(a, t, at) // what it depends on may differ after the action
	e.lastRequest++
	t.pending = &pendingAction{request: e.lastRequest, solver: s, try: *at}
	e.look.newSolver()
	e.requests[e.lastRequest] = request{a, t}
	e.record(a, RecordSolve, &at.node.pos, at.scope.role, s.asked, "")
	e.out = append(e.out, Solve{Request: e.lastRequest, Agent: a.id, Goal: s.asked})
}

// solved resumes the event that waited for an action. When the event turns out to be
// impossible, the choice is tried again without the actions that were already
// requested.
func (e *Engine) solved(a *agent, t *thread, answer Answer) {
	defer e.guard(a)
	e.meter.reset()
	g := t.pending
	s := g.solver
	t.pending, e.look.solver = nil, s
	if g.try.mail != nil {
		g.try.mail.held = false
	}
	goal := s.asked
	var result outcome
	if answer.Truth == True {
		e.record(a, RecordSolved, &g.try.node.pos, g.try.scope.role, goal, "")
		result = s.achieved(answer)
	} else {
		e.record(a, RecordFailed, &g.try.node.pos, g.try.scope.role, goal, "")
		t.refuse(&e.meter, goal)
		s.why = answer.Detail
		result = s.refused()
	}
	if !e.follow(a, t, e.look.settle(a, t, result, &g.try)) {
		s.restore(mark{})
		for _, goal := range s.spent {
			t.refuse(&e.meter, goal)
		}
	}
	e.charge(a)
}

// refuse keeps an action from being requested again before something changed.
func (t *thread) refuse(m *meter, goal Term) {
	for _, refused := range t.refused {
		if m.variant(refused, goal) {
			return
		}
	}
	if len(t.refused) >= refusedMax {
		t.refused = append([]Term(nil), t.refused[1:]...)
	}
	t.refused = append(t.refused, goal)
}

// happen commits an event; it cannot be undone afterwards.
func (e *Engine) happen(a *agent, t *thread, at *attempt) {
	at.grounds = e.grounds(a, t, at)
	a.moved = true
	if len(a.threads) == 1 {
		a.uses.clear() // what it used before no longer matters
	}
	if at.node.kind == nodeSend || at.node.kind == nodeReceive {
		a.progress(t)
	}
	e.commit(a, t)
	for _, sc := range at.entered {
		e.entered(a, t, sc)
	}
	t.scope = at.scope
	switch at.node.kind {
	case nodeSend:
		e.send(a, at)
	case nodeReceive:
		e.take(a, at)
	case nodeNull:
		e.record(a, RecordNull, &at.node.pos, at.scope.role, nil, "")
	}
	a.threads = append(a.threads, at.spawn...)
	t.proceed(point{at.node.after, at.frame, at.next}, e.around.now)
}

// commit applies the changes that the constraints of an event promised.
func (e *Engine) commit(a *agent, t *thread) {
	s := e.look.solver
	if s.progresses() {
		a.progress(t)
	}
	if len(s.memory) == 0 {
		return
	}
	a.table.tellMemory()
	for _, change := range s.memory {
		if change.forget {
			a.memory.forget(change.fact)
		} else {
			a.memory.remember(change.fact)
		}
	}
	if a.memory.cells > e.meter.limits.CellsPerAgent {
		throw(ReasonLimit, "more than %d term cells remembered: retract what is no longer needed", e.meter.limits.CellsPerAgent)
	}
}

// progress records that a thread did something: it may enter its roles again, and the
// agent's other threads look again.
func (a *agent) progress(t *thread) {
	t.parked, t.refused = false, nil
	clear(t.entered)
	t.entered = t.entered[:0]
	if len(a.threads) > 1 {
		for _, other := range a.threads {
			if other != t {
				other.retryAll()
			}
		}
	}
}

// proceed moves a thread to what follows an event. A thread without a node has ended.
func (t *thread) proceed(to point, now Instant) {
	t.since = now
	for to.node == nil && to.next != nil {
		switch c := to.next; {
		case c.leave != nil:
			t.scope = c.leave.outer
			to = c.point
		default:
			if c.join.remaining--; c.join.remaining > 0 {
				t.scope = nil
				to = point{}
				break
			}
			to = c.point
		}
	}
	t.point = to
}
