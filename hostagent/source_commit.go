package hostagent

import (
	"parley/lcc"
)

// This file is the source's end of a deal, up to the migration.

// sources is the source's end of the deals by which guests leave this host.
type sources struct {
	*turn
	load     *loads
	book     *book
	permits  *permits
	past     *past
	conduct  *conduct
	wire     *wire
	eligible *eligible
	ledger   *ledger
	orders   orders

	recommended *recommended
	spared      *spared
}

// migrate commits to a deal: migrate(Deal, Guest, Target). It is answered when the deal
// has ended.
func (s *sources) migrate(ev Act, args []lcc.Term) {
	id, token, ok := dealTerm(args[0])
	guest, target := GuestID(text(args[1])), HostID(text(args[2]))
	if why := s.whyNoCommit(id, guest, target, ok); why.Is() {
		s.ledger.refuse(ev.ID, why)
		return
	}
	t := s.load.guests[guest]
	d := &deal{
		id: id, token: token, side: SourceSide, began: s.now, act: ev.ID,
		guest: guest, name: t.guest.Name, source: s.self, target: target, need: s.load.need(t), about: traitsOf(t),
	}
	d.sequel.price = s.load.told(t)
	if s.config.Recommend {
		s.recommend(d)
		return
	}
	s.book.deals[d.id] = d
	s.intend(d)
}

// recommend shows a deal and withdraws from it. No other deal for the guest is sought
// until its cool-down from such a move would be over.
func (s *sources) recommend(d *deal) {
	reason := Refusal{CodeRecommend, "this host only recommends: `parley migrate` moves the guest, the mode auto lets policies do it"}
	s.wire.send(d.target, payload{Kind: kindCancel, Deal: d.id, Reason: "the source only recommends", Code: CodeRecommend, Shown: true})
	s.ledger.announce(d, Withdrawn, reason)
	s.recommended.leaves(d)
	s.emit(Answered{ID: d.act, Answer: lcc.Answer{Detail: reason.Detail}})
}

// intend journals the intent to move a guest by an offer, and then commits.
func (s *sources) intend(d *deal) {
	d.expires, d.next = s.after(s.config.CommitWait), 0
	if t := s.load.guests[d.guest]; t != nil {
		d.sequel.expected, d.sequel.unrest = s.recommended.expect(d, t), s.past.unrestOf(d.guest)
	}
	s.ledger.advance(d, Intended, func() { s.sayCommit(d) }, func(why Refusal) { s.ledger.end(d, Aborted, why) })
	s.emit(Changed{Names: loadNames()})
}

// whyNoCommit says why a deal is not committed to; the zero Refusal if it may be.
func (s *sources) whyNoCommit(id DealID, guest GuestID, target HostID, read bool) Refusal {
	if why := s.permits.whyNoModel(); why.Is() {
		return why
	}
	t := s.load.guests[guest]
	switch {
	case !read || !isName(string(target)):
		return Refusal{CodeBadQuestion, "migrate(Deal, Guest, Target) needs the deal that the target gave, a guest's id and a peer's id"}
	case target == s.self:
		return Refusal{CodeSameHost, "a guest does not move to the host that it is on"}
	case s.conduct.outsiders[target] != "":
		return s.conduct.whyOutside(target)
	case s.past.whyNotThere(guest, target, false).Is():
		return s.past.whyNotThere(guest, target, false).in("the target is not chosen: ")
	case t == nil:
		return Refusal{CodeAbsent, "the guest is not on this host"}
	case s.book.deals[id] != nil || s.book.endedDeal(id) != nil:
		return Refusal{CodeUsed, "the deal was used already"}
	case s.book.count(SourceSide) >= s.config.MovesOut:
		return refusal(CodeMovesOut, "the limit of guests on their way out is reached: %d", s.book.count(SourceSide))
	}
	if why := s.eligible.whyNotMove(t); why.Is() {
		return why.in("the guest is not moved: ")
	}
	if why := s.eligible.forbiddenAt(guest, target); why.Is() {
		return why
	}
	return s.spared.forbids(spareGuest(s.load, t), s.self, target)
}

func (s *sources) sayCommit(d *deal) {
	s.ledger.later(d, s.config.RetryEvery)
	s.wire.send(d.target, payload{
		Kind: kindCommit, Deal: d.id, Token: d.token, Guest: d.guest, Name: d.name,
		CPU: d.need.CPU, Memory: d.need.MemoryBytes, Processors: d.about.processors, Nature: d.about.nature,
		Sequel: d.sequel.word(),
	})
}

// armed begins the migration: the intent is journalled, and the target has reserved
// room.
func (s *sources) armed(from HostID, p payload) {
	d := s.book.deals[p.Deal]
	if d == nil || d.side != SourceSide || d.target != from {
		// A deal that ended here must not keep its reservation there.
		s.wire.send(from, cancelOf(p.Deal, Refusal{CodeGivenUp, "the source has withdrawn the deal"}))
		return
	}
	if d.state != Intended || !d.durable || p.Endpoint == "" {
		return // a duplicate, or from a host that this end has not committed to
	}
	if !s.load.runsHere(d.guest) {
		s.abandon(d, Refusal{CodeNotRunning, "the guest does not run on the source now"})
		return
	}
	if why := s.eligible.forbiddenAt(d.guest, d.target); why.Is() {
		s.abandon(d, why)
		return
	}
	d.endpoint, d.next = p.Endpoint, 0
	d.sequel.agree(p.Sequel, s.load.platform.Capacity.CPU)
	s.ledger.advance(d, Moving, func() { s.startMove(d) }, func(why Refusal) { s.abandon(d, why) })
}

func (s *sources) startMove(d *deal) {
	deadline := s.config.moveDeadline(d.need)
	// If the driver never reports that the call returned, the core looks some time
	// after the deadline at which the driver gives the call up.
	d.expires = s.after(deadline + s.config.SettleMax)
	d.next = d.expires
	if d.ofDrain() {
		d.next = min(d.expires, s.now+s.haste(d))
	}
	s.emit(StartMove{Deal: d.id, Deadline: deadline, Move: Migration{
		Guest: d.guest, Target: d.target, Endpoint: d.endpoint, Deal: d.id, Token: d.token,
		DowntimeMax: s.config.Platform.DowntimeMax, BandwidthMax: s.config.Platform.BandwidthMax, MovedAt: s.wall, Force: d.src.force,
	}})
}

// refusedBy handles a refusal of the other end.
func (c *Core) refusedBy(from HostID, p payload) {
	d := c.book.deals[p.Deal]
	switch {
	case d == nil:
		c.operator.hasRoom(from, p)
	case d.side == TargetSide:
		c.targets.refusedBySource(from, p)
	case d.target == from && (d.state == Moving || d.state == Checking):
		// It did not admit the guest, and says why. The platforms show the outcome of
		// the migration.
		d.src.excused = true
	case d.target == from && d.state == Intended && p.Shown:
		c.ledger.end(d, Withdrawn, said(p))
		c.recommended.leaves(d)
	case d.target == from && d.state == Asking && p.Busy && c.now < d.expires && len(d.src.orders) > 0:
		// The target is asked again in a moment (tendSource).
	case d.target == from && (d.state == Intended || d.state == Asking):
		d.src.declined, d.src.busy = !p.Busy, p.Busy
		c.ledger.end(d, Refused, said(p).in("the target: "))
	}
}

// undelivered gives up what did not reach the other end and binds nobody yet. Other
// payloads are sent again after a pause, in which a broken connection may recover.
func (c *Core) undelivered(ev Undelivered) {
	p, err := decodePayload(ev.Payload)
	if err != nil {
		return
	}
	switch ev.Reason.Code {
	case lcc.ReasonUnreachable, lcc.ReasonRefused, lcc.ReasonSuspected:
	default:
		return
	}
	d := c.book.deals[p.Deal]
	switch {
	case p.Kind == kindQuote, p.Kind == kindHome:
		c.operator.hasRoom(ev.To, refuseOf(p.Deal, Refusal{CodeUnreachable, "it cannot be reached: " + ev.Reason.String()}))
	case d == nil || d.partner() != ev.To:
	case p.Kind == kindCommit && d.state == Intended, p.Kind == kindPropose && d.state == Asking:
		c.ledger.end(d, Aborted, Refusal{CodeUnreachable, "the target cannot be reached: " + ev.Reason.String()})
	case p.Kind == kindAsk && d.state == Asking:
		c.ledger.end(d, Refused, Refusal{CodeUnreachable, "the source cannot be reached: " + ev.Reason.String()})
	}
}

// abandon ends a deal whose migration never began, and tells the target. If the guest
// is gone anyway, moved by someone else, it is looked for.
func (s *sources) abandon(d *deal, reason Refusal) {
	if s.load.sees(d.kind()) && !s.load.isHere(d.guest) {
		d.src.moved, d.src.moveErr = true, reason
		s.check(d, reason)
		return
	}
	s.wire.send(d.target, cancelOf(d.id, reason))
	s.ledger.end(d, Aborted, reason)
}
