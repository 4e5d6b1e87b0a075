package hostagent

import "parley/lcc"

// This file is how a target learns of a guest from its source, and then makes its offer.

// sayAsk asks the source to describe a guest.
func (tg *targets) sayAsk(d *deal) {
	tg.ledger.later(d, tg.config.RetryEvery)
	tg.wire.send(d.source, payload{Kind: kindAsk, Deal: d.id, Guest: d.guest, Labels: tg.config.Labels})
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
