package lcc

import "fmt"

// route delivers a message to a mailbox, starts an agent for it, or bounces it. It
// tries in order: the agent that the sender has heard from; an agent of the
// conversation; a new agent, when the role is subscribed to, is not closed and can
// begin with the message; and, when the sender knows no agent, the first agent that
// plays the role.
func (e *Engine) route(message *Message) {
	m, code, detail := e.admit(message)
	if code != "" {
		e.bounce(message, code, detail)
		return
	}
	if a := e.agents.byID[message.To.Agent]; a != nil {
		if !a.plays(m.role) {
			e.bounce(message, ReasonNotPlaying, fmt.Sprintf("the agent has left the role %s", m.role))
			return
		}
		e.post(a, m)
		return
	}
	for a := range e.conversations[message.Conversation].agents {
		if a.plays(m.role) {
			e.post(a, m)
			return
		}
	}
	if e.retired && (e.subscribed[m.role] || e.model.Found(message.To.Role)) {
		e.bounce(message, ReasonNotPlaying, retiredReason(m.role))
		return
	}
	if e.closed.roles[m.role] {
		e.bounce(message, ReasonRefused, fmt.Sprintf("the role %s takes nothing new: %s", m.role, e.closed.why))
		return
	}
	if _, args, _ := Name(message.To.Role); e.subscribed[m.role] && len(args) == 0 && e.opens(m.role, message.Body) {
		e.begin(m)
		return
	}
	if message.To.Agent == 0 {
		for a := range e.agents.running {
			if a.plays(m.role) {
				e.post(a, m)
				return
			}
		}
	}
	detail = fmt.Sprintf("no agent plays the role %s", m.role)
	if e.refused[m.role] {
		detail = refusedRole(m.role).Detail
	}
	if e.subscribed[m.role] {
		detail = fmt.Sprintf("no agent of this conversation plays the role %s, and it cannot begin with this message", m.role)
	}
	e.bounce(message, ReasonNotPlaying, detail)
}

// admit validates a message from outside.
func (e *Engine) admit(message *Message) (m *mail, code ReasonCode, detail string) {
	role, _, ok := Name(message.To.Role)
	if !ok {
		return nil, ReasonNoRole, "the message is for no role"
	}
	from, _, ok := Name(message.From.Role)
	if !ok {
		return nil, ReasonNoRole, "the message is from no role"
	}
	if _, _, ok := Name(message.Body); !ok {
		return nil, ReasonType, "the message is not a constant or a compound term"
	}
	limits := &e.meter.limits
	sender, code, detail := limits.refuse(message.From.Role, true)
	cells := size{}
	if code == "" {
		cells, code, detail = limits.refuse(message.Body, false)
	}
	if code == "" && encodedSize(message.Body) > limits.MessageBytes {
		code, detail = ReasonTooLarge, fmt.Sprintf("a message of more than %d bytes", limits.MessageBytes)
	}
	if code != "" {
		return nil, code, detail
	}
	// The sender leaves arguments of its role that it does not know as variables. They
	// may be bound here, but not in the message itself.
	_, args, _ := Name(message.From.Role)
	if sender.open {
		_, args, _ = Name(rename(message.From.Role, map[*Var]Term{}))
	}
	m = e.mails.take()
	*m = mail{message: *message, role: role, from: from, args: args, cells: cells.cells}
	return m, "", ""
}

// opens reports whether the clause of a role can begin by receiving the message.
func (e *Engine) opens(role string, body Term) bool {
	name, args, ok := Name(body)
	openings := e.model.clauses[key{role, 0}].openings
	return ok && (openings[key{name, len(args)}] || openings[key{}])
}

// begin starts an agent with its first message. When the clause does not take the
// message after all, because of its contents, the agent is discarded without trace.
func (e *Engine) begin(m *mail) {
	from := m.message.From.Peer
	if e.agents.begunBy[from] >= e.meter.limits.AgentsPerPeer {
		e.bounce(&m.message, ReasonBusy, fmt.Sprintf("%d agents were begun by messages of %s and still run", e.agents.begunBy[from], from))
		return
	}
	a := e.start(Atom(m.role), from, m.message.Conversation, nil)
	if a == nil {
		e.bounce(&m.message, ReasonBusy, "no agent of the role could begin")
		return
	}
	a.mail = append(a.mail, m)
	e.run(a)
	if !a.over && a.untouched() {
		a.over = true
		e.forget(a)
		e.agents.reuse()
		e.bounce(&m.message, ReasonRefused, fmt.Sprintf("no event of the role %s takes it", m.role))
		return
	}
	e.recordEntry(a)
}

// untouched reports whether nothing has happened in an agent, and nothing in flight
// could make something happen.
func (a *agent) untouched() bool {
	for _, t := range a.threads {
		if t.pending != nil || t.unsure {
			return false
		}
	}
	return !a.moved
}

func (e *Engine) post(a *agent, m *mail) {
	if len(a.mail) >= e.meter.limits.MailboxMessages {
		e.bounce(&m.message, ReasonBusy, fmt.Sprintf("%d messages wait already", len(a.mail)))
		return
	}
	a.mail = append(a.mail, m)
	e.touch(a, true)
}

// returnMail bounces messages for roles that the agent no longer plays.
func (e *Engine) returnMail(a *agent) {
	kept := a.mail[:0]
	for _, m := range a.mail {
		if !a.over && (m.held || a.plays(m.role)) {
			kept = append(kept, m)
			continue
		}
		e.bounce(&m.message, ReasonNotPlaying, fmt.Sprintf("the agent left the role %s without taking it", m.role))
	}
	clear(a.mail[len(kept):])
	a.mail = kept
}

func (e *Engine) bounce(m *Message, code ReasonCode, detail string) {
	e.out = append(e.out, Bounce{Message: m.ID, Reason: Reason{code, detail}})
}
