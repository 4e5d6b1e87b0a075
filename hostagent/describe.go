package hostagent

import (
	"parley/lcc"
)

// This file is what two ledgers say before an offer. What a model says of a
// guest is only what it says: the target asks the source, whose platform shows
// the guest, what it needs and where it may go.

// sayAsk asks the source to describe a guest.
func (tg *targets) sayAsk(d *deal) {
	tg.ledger.later(d, tg.config.RetryEvery)
	tg.wire.send(d.source, payload{Kind: kindAsk, Deal: d.id, Guest: d.guest, Labels: tg.config.Labels})
}

// describe tells a target about a guest, or why the guest is not for it. The
// source remembers nothing of it: it is asked again when it commits.
func (s *sources) describe(from HostID, p payload) {
	t := s.load.guests[p.Guest]
	why := s.permits.whyNoModel()
	switch {
	case why.Is():
	case t == nil:
		why = Refusal{CodeAbsent, "the guest is not on this host"}
	case s.book.count(SourceSide) >= s.config.MovesOut:
		why = refusal(CodeMovesOut, "as many guests are on their way out as may be at one time: %d", s.book.count(SourceSide))
	case s.past.whyNotThere(p.Guest, from, false).Is():
		why = s.past.whyNotThere(p.Guest, from, false).in("this host does not choose the one that asks: ")
	default:
		why = s.eligible.whyNotMove(t)
	}
	if !why.Is() {
		why = lacksLabels(s.load.rules(t), p.Labels)
	}
	if !why.Is() {
		why = s.eligible.forbiddenAt(p.Guest, from)
	}
	if why.Is() {
		s.wire.send(from, refuseOf(p.Deal, why))
		return
	}
	s.wire.send(from, s.description(kindDescribe, p.Deal, t))
}

// description is what a target needs to know of a guest of this host.
func (s *sources) description(kind string, deal DealID, t *tracked) payload {
	need := s.load.need(t)
	var price *Price
	if p, known := s.load.price(t); known {
		price = &p
	}
	return payload{
		Kind: kind, Deal: deal, Guest: t.guest.ID, Name: t.guest.Name,
		CPU: need.CPU, Memory: need.MemoryBytes, Processors: t.guest.Declared.CPU, Rules: s.load.rules(t), Load: s.load.shareOf(s.load.used()),
		Draining: s.permits.settings.Drained, Price: price, Networks: t.guest.Networks,
		Files: filesToAsk(t.guest.Files),
	}
}

// described goes on with a deal whose guest the source has described.
func (tg *targets) described(from HostID, p payload) {
	d := tg.book.deals[p.Deal]
	if d == nil || d.side != TargetSide || d.state != Asking || d.source != from || d.guest != p.Guest {
		return
	}
	if why := tg.whyNotTake(d, p); why.Is() {
		tg.ledger.end(d, Refused, why)
		return
	}
	tg.take(d, p)
	tg.ledger.advance(d, Offered, func() { tg.offer(d) }, func(why Refusal) { tg.ledger.end(d, Refused, why) })
}

// take notes what a source says of its guest; the need is never less than what
// is held already.
func (tg *targets) take(d *deal, p payload) {
	d.name, d.rules, d.price, d.processors, d.tgt.apart = p.Name, p.Rules, p.Price, p.Processors, p.Draining
	d.need = Resources{max(d.need.CPU, p.CPU), max(d.need.MemoryBytes, p.Memory)}
}

// whyNotTake says why a guest that was described is not taken. What d needs is
// held already.
func (tg *targets) whyNotTake(d *deal, p payload) Refusal {
	more := Resources{CPU: max(0, p.CPU-d.need.CPU), MemoryBytes: max(0, p.Memory-d.need.MemoryBytes)}
	if more != (Resources{}) && !tg.room.fits(more) {
		return refusal(CodeNoRoom, "the guest needs %.3g cores and %d MiB, more than is held, and there is no room for it",
			p.CPU, p.Memory/mebibyte)
	}
	if why := tg.room.forbids(d, p); why.Is() {
		return why
	}
	if d.operator {
		return Refusal{}
	}
	return tg.whyNoGain(p.Load, tg.load.shareOf(tg.room.loadedWith(more)))
}

// whyNoGain says why a move from a host with one load to this one, which would
// have another, is not worth it. A host below its high level may be filled as
// the policy likes; above it a guest must be better off.
func (tg *targets) whyNoGain(from, after float64) Refusal {
	if after <= tg.config.High || from-after >= tg.config.GainMin {
		return Refusal{}
	}
	return refusal(CodeNoGain, "too little is gained: the load would be %.2f here and is %.2f at the source", after, from)
}

// refusedBySource ends a deal whose guest the source does not give.
func (tg *targets) refusedBySource(from HostID, p payload) {
	d := tg.book.deals[p.Deal]
	if d != nil && d.side == TargetSide && d.state == Asking && d.source == from {
		tg.ledger.end(d, Refused, said(p).in("the source: "))
	}
}

// offer tells of a hold that is in the journal: the source's ledger, and the
// model that asked for it.
func (tg *targets) offer(d *deal) {
	// The partner's time begins when it can know of the offer.
	d.expires = tg.after(tg.config.OfferTTL)
	d.next = d.expires
	tg.sayOffer(d)
	if d.act != 0 {
		tg.emit(Answered{ID: d.act, Answer: yes(d.tgt.args[0], d.tgt.args[1], d.tgt.args[2],
			lcc.NewTerm("deal", lcc.String(d.id), lcc.String(d.token), lcc.Int(seconds(tg.config.OfferTTL))))})
		d.act = 0
	}
}

func (tg *targets) sayOffer(d *deal) {
	tg.wire.send(d.source, payload{
		Kind: kindOffer, Price: d.price, Deal: d.id, Token: d.token, Guest: d.guest, CPU: d.need.CPU, Memory: d.need.MemoryBytes,
		Seconds: seconds(tg.config.OfferTTL),
	})
}
