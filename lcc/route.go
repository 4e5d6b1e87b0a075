package lcc

import "fmt"

// route puts a message into a mailbox, begins an agent for it, or sends it
// back. In order: the agent that the sender has heard from; an agent of its
// conversation; a new agent of a role that is subscribed to and can begin with
// it; and, where the sender knows no agent, the first that plays the role.
func (e *Engine) route(m Message) {
	name, args, ok := Name(m.To.Role)
	if !ok {
		e.bounce(m, ReasonNoRole, fmt.Sprintf("%s is not a role", m.To.Role))
		return
	}
	if a := e.agents[m.To.Agent]; a != nil {
		if !a.plays(name) {
			e.bounce(m, ReasonNotPlaying, fmt.Sprintf("the agent has left the role %s", name))
			return
		}
		e.post(a, m)
		return
	}
	for _, a := range e.order {
		if !a.over && a.inConversation(m.Conversation) && a.plays(name) {
			e.post(a, m)
			return
		}
	}
	if e.subscribed[name] && len(args) == 0 && e.opens(name, m.Body) {
		e.begin(name, m)
		return
	}
	if m.To.Agent == 0 {
		for _, a := range e.order {
			if !a.over && a.plays(name) {
				e.post(a, m)
				return
			}
		}
	}
	e.bounce(m, ReasonNotPlaying, fmt.Sprintf("nobody plays the role %s", name))
}

// opens says whether the clause of a role can begin by receiving the message.
func (e *Engine) opens(role string, body Term) bool {
	name, args, ok := Name(body)
	openings := e.model.clauses[key{role, 0}].openings
	return ok && (openings[key{name, len(args)}] || openings[key{}])
}

func (e *Engine) begin(role string, m Message) {
	if e.begunBy[m.From.Peer] >= e.meter.limits.AgentsPerPeer {
		e.bounce(m, ReasonBusy, fmt.Sprintf("%d agents were begun by messages of %s and still run", e.begunBy[m.From.Peer], m.From.Peer))
		return
	}
	if a := e.start(Atom(role), m.From.Peer, m.Conversation); a != nil {
		e.post(a, m)
		return
	}
	e.bounce(m, ReasonBusy, "no agent of the role could begin")
}

func (e *Engine) post(a *agent, m Message) {
	if len(a.mail) >= e.meter.limits.MailboxMessages {
		e.bounce(m, ReasonBusy, fmt.Sprintf("%d messages wait already", len(a.mail)))
		return
	}
	a.mail = append(a.mail, m)
	e.touch(a, true)
}

// returnMail sends back what waits for a role that the agent plays no more.
func (e *Engine) returnMail(a *agent) {
	kept := a.mail[:0]
	for _, m := range a.mail {
		name, _, _ := Name(m.To.Role)
		if !a.over && a.plays(name) {
			kept = append(kept, m)
			continue
		}
		e.bounce(m, ReasonNotPlaying, fmt.Sprintf("the agent left the role %s without taking it", name))
	}
	clear(a.mail[len(kept):])
	a.mail = kept
}

func (e *Engine) bounce(m Message, code ReasonCode, detail string) {
	e.out = append(e.out, Bounce{Message: m.ID, Reason: Reason{code, detail}})
}
