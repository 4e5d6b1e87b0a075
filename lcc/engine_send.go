package lcc

import (
	"cmp"
	"slices"
)

// address finds the receivers of a send. It returns false when there is none now, so
// the event is not enabled yet.
func (l *look) address(a *agent, at *attempt) bool {
	n := at.node
	l.targets, l.chose = l.targets[:0], false
	var id Term
	if s, ok := n.role.id.(slot); ok && at.frame.vars[s] == nil {
		id = nil
	} else if id = deref(l.m.term(n.role.id, at.frame)); n.role.open != nil {
		if peer, ok := peerOf(id); ok && id != Nil {
			l.targets = append(l.targets, target{peer, n.role.open})
			return true
		}
	}
	role := l.m.resolve(l.m.term(n.role.term, at.frame))
	if _, _, ok := Name(role); !ok {
		throw(ReasonUnbound, "the role to send to is %s: it must be bound", role)
	}
	if n.role.any {
		return l.everybody(a, n, role)
	}
	if _, unbound := id.(*Var); id == nil || unbound {
		return l.choose(a, at, role)
	}
	role = l.m.seal(role)
	if peer, ok := peerOf(id); ok {
		if id != Nil { // an empty list: the send completes without receivers
			l.targets = append(l.targets, target{peer, role})
		}
		return true
	}
	items, ok := Slice(l.m.resolve(id))
	if !ok {
		throw(ReasonType, "%s is not a peer's id, nor a list of them", id)
	}
	for _, item := range items {
		peer, ok := peerOf(item)
		if !ok {
			throw(ReasonType, "%s in the list of receivers is not a peer's id", item)
		}
		l.targets = append(l.targets, target{peer, role})
	}
	return true
}

// everybody addresses all known players of a role, within its declared cardinality.
func (l *look) everybody(a *agent, n *node, role Term) bool {
	players := l.around.players(a, role)
	if !n.role.cardinality.quorum(players) {
		return false
	}
	for _, p := range n.role.cardinality.atMost(players) {
		l.targets = append(l.targets, target{p.Peer, p.Role})
	}
	return len(l.targets) > 0
}

func peerOf(t Term) (PeerID, bool) {
	switch t := deref(t).(type) {
	case String:
		return PeerID(t), true
	case Atom:
		return PeerID(t), true
	}
	return "", false
}

// choose binds an unbound id to one player of the role: of equal ones to the one that this
// agent talked to longest ago, so that who asks again asks another. Players that failed
// this agent before are the last resort, the oldest failure first.
func (l *look) choose(a *agent, at *attempt, role Term) bool {
	players := l.around.players(a, role)
	if !at.node.role.cardinality.quorum(players) {
		return false
	}
	var met []Player
	for _, p := range players {
		switch {
		case a.failedBy(p.Peer):
		case len(a.links) > 0 && a.talkedTo(p.Peer) > 0:
			met = append(met, p)
		case l.chosen(at, role, p):
			return true
		}
	}
	slices.SortStableFunc(met, func(p, q Player) int { return cmp.Compare(a.talkedTo(p.Peer), a.talkedTo(q.Peer)) })
	for _, p := range met {
		if l.chosen(at, role, p) {
			return true
		}
	}
	for _, f := range a.failures {
		for _, p := range players {
			if p.Peer == f.peer && l.chosen(at, role, p) {
				return true
			}
		}
	}
	return false
}

func (l *look) chosen(at *attempt, role Term, p Player) bool {
	s := l.solver
	before := s.mark()
	if !l.solver.agrees(role, p.Role) {
		s.restore(before)
		return false
	}
	l.solver.matchPeer(at.node.role.id, p.Peer, at.frame)
	l.targets = append(l.targets, target{p.Peer, p.Role})
	l.chose = true
	return true
}

// agrees unifies a role pattern with a played role; a pattern without arguments matches
// any arguments.
func (s *solver) agrees(pattern, role Term) bool {
	wanted, args, _ := Name(pattern)
	name, _, _ := Name(role)
	if wanted == name && len(args) == 0 {
		return true
	}
	return s.m.unify(&s.tr, pattern, role)
}

// send emits a message to each target.
func (e *Engine) send(a *agent, at *attempt) {
	body, ground := e.meter.resolved(e.meter.term(at.node.message, at.frame))
	if _, _, ok := Name(body); !ok || !ground {
		throw(ReasonUnbound, "the message %s is not a constant or a compound term without unbound variables", body)
	}
	size := encodedSize(body)
	if size > e.meter.limits.MessageBytes {
		throw(ReasonLimit, "a message of %d bytes, more than %d", size, e.meter.limits.MessageBytes)
	}
	from := at.scope.role
	if !at.scope.ground {
		from = e.meter.seal(e.meter.resolve(from))
		name, args, _ := Name(from)
		e.meter.holdRole(name, args) // its arguments were bound after it was entered
	}
	for _, to := range e.look.targets {
		e.meter.alloc(8 + size/16)
		a.forgive(to.peer)
		name, _, _ := Name(to.role)
		l := a.link(to.peer, name)
		if l == nil {
			l = e.conversations.meet(a, e.around.self, to.peer, name)
		}
		a.seq++
		e.recordSend(a, at, from, body, to.peer)
		e.out = append(e.out, Send{Message{
			ID:           MessageID{Peer: e.around.self, Agent: a.id, Seq: a.seq},
			Model:        e.model.digest,
			Conversation: l.conv,
			From:         Party{Peer: e.around.self, Agent: a.id, Role: from},
			To:           Party{Peer: to.peer, Agent: l.agent, Role: to.role},
			Body:         body,
		}})
		a.talked(l)
	}
}

// take removes a message from the mailbox for good.
func (e *Engine) take(a *agent, at *attempt) {
	m := at.mail
	at.mail = nil
	a.mail = slices.DeleteFunc(a.mail, func(x *mail) bool { return x == m })
	e.meter.alloc(m.cells)
	e.conversations.heard(a, m)
	e.record(a, RecordReceive, &at.node.pos, at.scope.role, m.message.Body, m.message.From.Peer)
	e.out = append(e.out, Deliver{Message: m.message.ID, Agent: a.id})
	e.mails.give(m)
}
