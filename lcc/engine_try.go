package lcc

// This file finds the first event of a thread that can happen: the reduction of
// docs/language.md.

// attempt is an event that is being tried, with all that a commit has to do. Nothing of
// it is visible before the commit.
type attempt struct {
	node    *node
	frame   *frame
	next    *cont // at the end of the clause of node
	scope   *scope
	entered []*scope // roles entered on the way, outermost first
	spawn   []*thread
	mail    *mail    // receive: the message that matches
	grounds []Ground // send: as long as it waits for an action
}

// look finds the first event of a thread that can happen, without side effects. Its
// solver holds the bindings and the changes until the engine commits the event.
type look struct {
	model     *Model
	around    *surroundings
	refused   map[string]bool
	roles     *roleTable
	m         *meter
	workspace *Workspace
	solver    *solver
	targets   []target // of the send that was found
	chose     bool     // the engine chose the target
	found     attempt  // the latest event
}

// newSolver leaves the current solver to an event that waits for an action.
func (l *look) newSolver() {
	l.solver = &solver{m: l.m, around: l.around, workspace: l.workspace, tabling: &l.model.tabling}
}

// target is one receiver of a send.
type target struct {
	peer PeerID
	role Term
}

// advance runs one thread until none of its events can happen. It reports whether one
// happened.
func (e *Engine) advance(a *agent, t *thread) (moved bool) {
	for t.pending == nil && t.node != nil {
		t.wake, t.offered, t.unsure = 0, t.offered[:0], false
		if t.node.kind == nodePar {
			a.fork(t, &e.meter, e.around.now)
			moved = true
			continue
		}
		a.table.begin()
		e.meter.looks++
		e.look.solver.begin(a, t)
		if t.node.kind == nodeEnter {
			if !e.enterAlone(a, t) {
				return moved
			}
		} else {
			at := attempt{node: t.node, frame: t.frame, next: t.next, scope: t.scope}
			if !e.follow(a, t, e.look.try(a, t, &at)) {
				return moved
			}
		}
		moved = true
	}
	return moved
}

// try tries one point of a definition. It returns solved when it found an event, and
// waiting when it found an event that waits for an action; then no other branch is
// tried. On failed it has restored everything, the attempt included.
func (l *look) try(a *agent, t *thread, at *attempt) outcome {
	l.m.step()
	n := at.node
	switch n.kind {
	case nodeOr:
		for _, at.node = range n.branches {
			if came := l.try(a, t, at); came != failed {
				return came
			}
		}
		at.node = n
		return failed
	case nodePar:
		return l.tryPar(a, t, at)
	case nodeEnter:
		return l.tryEnter(a, t, at)
	}
	if l.leadsNowhere(n) {
		return failed
	}
	if n.kind == nodeReceive {
		return l.tryReceive(a, t, at)
	}
	before := l.solver.mark()
	came := l.settle(a, t, l.solver.solve(n.guard, at.frame), at)
	if came == failed {
		l.solver.restore(before)
	}
	return came
}

// tryPar looks for the first event of any branch. When it happens, the other branches
// continue in parallel.
func (l *look) tryPar(a *agent, t *thread, at *attempt) outcome {
	for i, branch := range at.node.branches {
		inner := *at
		next := at.node.fork(at.frame, at.next)
		inner.node, inner.next = branch, next
		inner.spawn = append([]*thread(nil), at.spawn...)
		for k, other := range at.node.branches {
			if k != i {
				inner.spawn = append(inner.spawn, &thread{point: point{other, at.frame, next}, scope: at.scope, since: l.around.now})
			}
		}
		if came := l.try(a, t, &inner); came != failed {
			return came
		}
	}
	return failed
}

// fork starts the branches of a par that is a thread's only definition.
func (a *agent) fork(t *thread, m *meter, now Instant) {
	n := t.node
	next := n.fork(t.frame, t.next)
	for _, branch := range n.branches[1:] {
		m.alloc(4)
		a.threads = append(a.threads, &thread{point: point{branch, t.frame, next}, scope: t.scope, since: now})
	}
	t.node, t.next, t.since = n.branches[0], next, now
}

// fork returns the continuation at the end of each branch of a par.
func (n *node) fork(f *frame, next *cont) *cont {
	return &cont{join: &join{remaining: len(n.branches)}, point: point{n.after, f, next}}
}

// tryReceive finds the first message in the mailbox that matches.
func (l *look) tryReceive(a *agent, t *thread, at *attempt) outcome {
	n := at.node
	before := l.solver.mark()
	for _, m := range a.mail {
		if m.held || m.role != at.scope.clause.role {
			continue
		}
		cause := a.causedBy(m.message.From.Peer, l.around.self)
		if l.solver.matches(n, at.frame, m) {
			at.mail = m
			if came := l.settle(a, t, l.solver.filter(n.guard, at.frame), at); came != failed {
				return came
			}
			at.mail = nil
		}
		a.cause = cause
		l.solver.restore(before)
	}
	return failed
}

// filter solves the constraint that a message must satisfy to be taken. The message may
// hold values of any type, because another peer wrote it. A comparison with a
// non-number therefore is false here; elsewhere it ends the agent.
func (s *solver) filter(c *cnode, f *frame) (result outcome) {
	if c == nil {
		return s.solve(nil, f)
	}
	defer func() {
		if r := recover(); r != nil {
			if f, ok := r.(fault); !ok || f.reason.Code != ReasonType {
				panic(r)
			}
			result = failed
		}
	}()
	return s.solve(c, f)
}

// matches unifies a receive with a message.
func (s *solver) matches(n *node, f *frame, m *mail) bool {
	tr := &s.tr
	if n.role.name == "" {
		if !s.m.match(tr, n.role.term, f, NewTerm(m.from, m.args...), false) {
			return false
		}
	} else if n.role.name != m.from || len(n.role.args) > 0 && !s.m.matchAll(tr, n.role.args, f, m.args, false) {
		return false
	}
	return s.matchPeer(n.role.id, m.message.From.Peer, f) && s.m.match(tr, n.message, f, m.message.Body, true)
}

// matchPeer unifies a template with a peer's id. An Atom with the same spelling is the
// same peer.
func (s *solver) matchPeer(template Term, id PeerID, f *frame) bool {
	if v, ok := template.(slot); ok && f.vars[v] == nil {
		s.tr.fill(f, v, s.around.peerTerm(id))
		return true
	}
	return s.samePeer(s.m.term(template, f), id)
}

func (s *solver) samePeer(t Term, id PeerID) bool {
	switch t := deref(t).(type) {
	case *Var:
		s.tr.bind(t, s.around.peerTerm(id))
		return true
	case String:
		return PeerID(t) == id
	case Atom:
		return PeerID(t) == id
	}
	return false
}

// settle continues with an event after its constraint was solved. On failed the caller
// restores.
func (l *look) settle(a *agent, t *thread, result outcome, at *attempt) outcome {
	s := l.solver
	for result == solved {
		if at.node.kind != nodeSend || l.address(a, at) {
			break
		}
		result = s.next() // another solution may have another partner
	}
	switch {
	case result == failed:
		if s.later > 0 {
			t.unsure = true
		}
		if at.node.kind == nodeEffect && s.later == 0 && s.pending == 0 {
			throw(ReasonFailed, "the goal after a message that was taken was not achieved%s", because(s.why))
		}
		return failed
	case result == solved && t.parked && at.node.kind == nodeNull && !s.progresses():
		return failed // this path led back to where the thread is parked
	}
	l.found = *at
	return result
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}
