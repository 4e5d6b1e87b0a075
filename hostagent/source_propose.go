package hostagent

// This file proposes a guest that the operator wants moved.

func (s *sources) sayPropose(d *deal) {
	t := s.load.guests[d.guest]
	if t == nil {
		s.ledger.end(d, Aborted, Refusal{CodeAbsent, "the guest is no longer here"})
		return
	}
	s.ledger.later(d, s.config.RetryEvery)
	s.wire.send(d.target, s.description(kindPropose, d.id, t))
}

// offered handles a target's offer to a deal that an operator began. An offer to a
// model also reaches that model, which decides.
func (s *sources) offered(from HostID, p payload) {
	d := s.book.deals[p.Deal]
	if d == nil || d.side != SourceSide || d.state != Asking || d.target != from || !isName(p.Token) {
		return
	}
	t := s.load.guests[d.guest]
	if t == nil || t.guest.State != Running {
		s.abandon(d, Refusal{CodeNotRunning, "the guest no longer runs here"})
		return
	}
	if why := s.eligible.forbiddenAt(d.guest, d.target); why.Is() {
		s.abandon(d, why)
		return
	}
	if why := s.spared.forbids(spareGuest(s.load, t), s.self, d.target); why.Is() {
		s.abandon(d, why)
		return
	}
	d.token = p.Token
	s.intend(d)
}
