package lcc

import "parley/lcc/syntax"

func (e *Engine) record(a *agent, kind RecordKind, pos *syntax.Position, role, term Term, peer PeerID) {
	e.recordEntry(a)
	if e.records {
		e.out = append(e.out, Record{Agent: a.id, Kind: kind, Role: e.meter.visible(role), Term: term, Peer: peer, Pos: *pos})
	}
}

// recordSend records that a message was sent, and what it depended on.
func (e *Engine) recordSend(a *agent, at *attempt, from, body Term, to PeerID) {
	e.recordEntry(a)
	if e.records {
		e.out = append(e.out, Record{
			Agent: a.id, Kind: RecordSend, Role: e.meter.visible(from), Term: body, Peer: to, Pos: at.node.pos, Grounds: at.grounds,
		})
	}
}

// recordEntry records that an agent entered its first role. For an agent started by a
// message the record waits until the agent takes the message, because begin discards an
// agent that does not.
func (e *Engine) recordEntry(a *agent) {
	entered := a.unrecorded
	a.unrecorded = false
	if entered && e.records {
		name, args, _ := Name(a.started)
		c := e.model.clauses[key{name, len(args)}]
		e.out = append(e.out, Record{Agent: a.id, Kind: RecordEnter, Role: e.meter.visible(a.started), Pos: c.pos})
	}
}

// visible renders a role for a Record, free of charge: recording must not change a run.
func (m *meter) visible(role Term) (seen Term) {
	steps, cells := m.steps, m.cells
	defer func() { m.steps, m.cells = steps, cells }()
	defer caught(func(Reason) {
		name, _, _ := Name(role) // it has grown too large since
		seen = Atom(name)
	})
	m.steps, m.cells = 0, 0
	return m.seal(m.resolve(role))
}
