package lcc

// This file looks for the first event of a thread that can happen: the
// reduction of docs/language.md.

// attempt is an event that is being tried, with everything that has to be done
// if it happens. Nothing of it is visible before.
type attempt struct {
	node    *node
	frame   *frame
	next    *cont // after the clause of node
	scope   *scope
	entered []*scope // roles entered on the way, outermost first
	spawn   []*thread
	mail    *mail // receive: the one that matches
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
		t.wake, t.offered, t.unsure = 0, t.offered[:0], false
		if t.node.kind == nodePar {
			e.fork(a, t)
			moved = true
			continue
		}
		e.solver.begin(a, t)
		if t.node.kind == nodeEnter {
			if !e.enterAlone(a, t) {
				return moved
			}
		} else {
			at := attempt{node: t.node, frame: t.frame, next: t.next, scope: t.scope}
			if !e.try(a, t, &at) {
				return moved
			}
		}
		moved = true
	}
	return moved
}

// try tries one place of a definition. It says true when an event happened or
// an action of one was asked for, so that no other branch is looked at. On
// false everything is as it was before, and so is the attempt.
func (e *Engine) try(a *agent, t *thread, at *attempt) bool {
	e.meter.step()
	n := at.node
	switch n.kind {
	case nodeOr:
		for _, at.node = range n.branches {
			if e.try(a, t, at) {
				return true
			}
		}
		at.node = n
		return false
	case nodePar:
		return e.tryPar(a, t, at)
	case nodeEnter:
		return e.tryEnter(a, t, at)
	}
	if e.leadsNowhere(n) {
		return false
	}
	if n.kind == nodeReceive {
		return e.tryReceive(a, t, at)
	}
	before := e.solver.mark()
	if e.settle(a, t, e.solver.solve(n.guard, at.frame), at) {
		return true
	}
	e.solver.restore(before)
	return false
}

// tryPar looks for the first event of any branch; if one happens the others
// go on beside it.
func (e *Engine) tryPar(a *agent, t *thread, at *attempt) bool {
	for i, branch := range at.node.branches {
		inner := *at
		next := at.node.fork(at.frame, at.next)
		inner.node, inner.next = branch, next
		inner.spawn = append([]*thread(nil), at.spawn...)
		for k, other := range at.node.branches {
			if k != i {
				inner.spawn = append(inner.spawn, &thread{point: point{other, at.frame, next}, scope: at.scope, since: e.now})
			}
		}
		if e.try(a, t, &inner) {
			return true
		}
	}
	return false
}

// fork begins the branches of a par that stands alone.
func (e *Engine) fork(a *agent, t *thread) {
	n := t.node
	next := n.fork(t.frame, t.next)
	for _, branch := range n.branches[1:] {
		e.meter.alloc(4)
		a.threads = append(a.threads, &thread{point: point{branch, t.frame, next}, scope: t.scope, since: e.now})
	}
	t.node, t.next, t.since = n.branches[0], next, e.now
}

// fork is what the branches of a par come to when they end.
func (n *node) fork(f *frame, next *cont) *cont {
	return &cont{join: &join{remaining: len(n.branches)}, point: point{n.after, f, next}}
}

// tryReceive looks for the first message in the mailbox that matches.
func (e *Engine) tryReceive(a *agent, t *thread, at *attempt) bool {
	n := at.node
	before := e.solver.mark()
	for _, m := range a.mail {
		if m.held || m.role != at.scope.clause.role {
			continue
		}
		cause := e.causedBy(a, m.message.From.Peer)
		if e.matches(n, at.frame, m) {
			at.mail = m
			if e.settle(a, t, e.solver.filter(n.guard, at.frame), at) {
				return true
			}
			at.mail = nil
		}
		a.cause = cause
		e.solver.restore(before)
	}
	return false
}

// filter solves the constraint that a message must satisfy to be taken. What
// another peer wrote into it may be of any type: a comparison with something
// that is no number does not hold, where elsewhere it ends the agent.
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
func (e *Engine) matches(n *node, f *frame, m *mail) bool {
	tr := &e.solver.tr
	if n.role.name == "" {
		if !e.meter.match(tr, n.role.term, f, NewTerm(m.from, m.args...), false) {
			return false
		}
	} else if n.role.name != m.from || len(n.role.args) > 0 && !e.meter.matchAll(tr, n.role.args, f, m.args, false) {
		return false
	}
	return e.matchPeer(n.role.id, m.message.From.Peer, f) && e.meter.match(tr, n.message, f, m.message.Body, true)
}

// matchPeer unifies a template with a peer's id; an Atom of its spelling is
// that peer too.
func (e *Engine) matchPeer(template Term, id PeerID, f *frame) bool {
	if s, ok := template.(slot); ok && f.vars[s] == nil {
		e.solver.tr.fill(f, s, e.peerTerm(id))
		return true
	}
	return e.samePeer(e.meter.term(template, f), id)
}

func (e *Engine) samePeer(t Term, id PeerID) bool {
	switch t := deref(t).(type) {
	case *Var:
		e.solver.tr.bind(t, e.peerTerm(id))
		return true
	case String:
		return PeerID(t) == id
	case Atom:
		return PeerID(t) == id
	}
	return false
}

// peerTerm is a peer's id as text sees it.
func (e *Engine) peerTerm(id PeerID) Term {
	if id == e.self {
		return e.selfTerm
	}
	return String(id)
}

// settle goes on with an event once its constraint was looked at. On false the
// caller restores.
func (e *Engine) settle(a *agent, t *thread, result outcome, at *attempt) bool {
	s := e.solver
	for result == solved {
		if at.node.kind != nodeSend || e.address(a, at) {
			break
		}
		result = s.next() // another solution may have another partner
	}
	switch {
	case result == waiting:
		e.engage(a, t, at)
		return true
	case result == failed:
		if s.later > 0 {
			t.unsure = true
		}
		if at.node.kind == nodeEffect && s.later == 0 && s.pending == 0 {
			throw(ReasonFailed, "what had to be achieved after a message was taken was not%s", because(s.why))
		}
		return false
	case t.parked && at.node.kind == nodeNull && !s.progresses():
		return false // this way led back to where the thread is parked
	}
	e.happen(a, t, at)
	return true
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}
