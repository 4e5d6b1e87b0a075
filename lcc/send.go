package lcc

import (
	"fmt"
	"slices"
)

// address finds the receivers of a send. It says false when there is none now,
// so that the event is not enabled yet.
func (e *Engine) address(a *agent, s *solver, at *attempt) bool {
	n := at.node
	role := e.meter.term(n.role.term, at.frame)
	if n.role.any {
		for _, p := range e.players(a, e.meter.resolve(role)) {
			at.targets = append(at.targets, target{p.Peer, p.Role})
		}
		return len(at.targets) > 0
	}
	id := deref(e.meter.term(n.role.id, at.frame))
	switch id := id.(type) {
	case *Var:
		return e.choose(a, s, at, id, role)
	case String:
		at.targets = append(at.targets, target{PeerID(id), e.meter.resolve(role)})
	case Atom:
		if id == Nil {
			return true // a list of nobody: nothing to send, and done
		}
		at.targets = append(at.targets, target{PeerID(id), e.meter.resolve(role)})
	default:
		items, ok := Slice(e.meter.resolve(id))
		if !ok {
			throw(ReasonType, "%s is not a peer's id, nor a list of them", id)
		}
		for _, item := range items {
			peer, ok := peerOf(item)
			if !ok {
				throw(ReasonType, "%s in the list of receivers is not a peer's id", item)
			}
			at.targets = append(at.targets, target{peer, e.meter.resolve(role)})
		}
	}
	return true
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

// choose binds an unbound id to one player of the role. Those that failed this
// agent before are taken only when there is no other.
func (e *Engine) choose(a *agent, s *solver, at *attempt, id *Var, role Term) bool {
	players := e.players(a, e.meter.resolve(role))
	for _, again := range []bool{false, true} {
		for _, p := range players {
			if a.failedBy(p.Peer) != again {
				continue
			}
			length := len(s.tr.vars)
			if e.agrees(s, role, p.Role) {
				s.tr.bind(id, String(p.Peer))
				at.targets = append(at.targets, target{p.Peer, p.Role})
				return true
			}
			s.tr.undo(length)
		}
	}
	return false
}

// agrees unifies a role pattern with a role that is played; a pattern without
// arguments agrees with any.
func (e *Engine) agrees(s *solver, pattern, role Term) bool {
	wanted, args, _ := Name(deref(pattern))
	name, _, _ := Name(role)
	if wanted == name && len(args) == 0 {
		return true
	}
	return e.meter.unify(&s.tr, pattern, role)
}

// players asks the matchmaker; the answer may change with any advert.
func (e *Engine) players(a *agent, role Term) []Player {
	a.depend("player")
	players, _ := e.world.Players(e.model.digest, role)
	return players
}

func (a *agent) failedBy(peer PeerID) bool {
	return slices.ContainsFunc(a.failures, func(f failure) bool { return f.peer == peer })
}

// send emits a message to each target.
func (e *Engine) send(a *agent, at attempt) {
	body := e.meter.resolve(e.meter.term(at.node.message, at.frame))
	if !e.meter.ground(body) {
		throw(ReasonUnbound, "the message %s holds an unbound variable: bind it before it is sent", body)
	}
	if size := encodedSize(body); size > e.meter.limits.MessageBytes {
		throw(ReasonLimit, "a message of %d bytes, more than %d", size, e.meter.limits.MessageBytes)
	}
	for _, to := range at.targets {
		a.forgive(to.peer)
		name, _, _ := Name(to.role)
		l := a.link(to.peer, name)
		if l == nil {
			l = a.addLink(e.newLink(a, to.peer, name))
		}
		a.seq++
		e.record(a, RecordSend, at.scope.role, body, to.peer)
		e.out = append(e.out, Send{Message{
			ID:           MessageID{Peer: e.self, Agent: a.id, Seq: a.seq},
			Model:        e.model.digest,
			Conversation: l.conv,
			From:         Party{Peer: e.self, Agent: a.id, Role: at.scope.role},
			To:           Party{Peer: to.peer, Agent: l.agent, Role: to.role},
			Body:         body,
		}})
	}
}

// newLink continues the agent's conversation with a peer in another of its
// roles, or begins a conversation.
func (e *Engine) newLink(a *agent, peer PeerID, role string) link {
	for i := len(a.links) - 1; i >= 0; i-- {
		if l := a.links[i]; l.peer == peer {
			return link{peer: peer, role: role, conv: l.conv}
		}
	}
	a.convs++
	return link{peer: peer, role: role, conv: ConversationID(fmt.Sprintf("%s/%d/%d", e.self, a.id, a.convs))}
}

// take takes a message: it is out of the mailbox for good.
func (e *Engine) take(a *agent, at attempt) {
	m := *at.message
	if at.mailAt >= 0 {
		a.mail = slices.Delete(a.mail, at.mailAt, at.mailAt+1)
	}
	name, _, _ := Name(m.From.Role)
	l := a.link(m.From.Peer, name)
	if l == nil {
		l = a.addLink(link{peer: m.From.Peer, role: name})
	}
	l.conv, l.agent, l.taken = m.Conversation, m.From.Agent, m.ID
	e.record(a, RecordReceive, at.scope.role, m.Body, m.From.Peer)
	e.out = append(e.out, Deliver{Message: m.ID, Agent: a.id})
}
