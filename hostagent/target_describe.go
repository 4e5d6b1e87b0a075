package hostagent

import "parley/lcc"

// This file obtains a guest's description from its source, and then makes the offer.

// sayAsk asks the source to describe a guest.
func (tg *targets) sayAsk(d *deal) {
	tg.ledger.later(d, tg.config.RetryEvery)
	tg.wire.send(d.source, payload{Kind: kindAsk, Deal: d.id, Guest: d.guest, Labels: tg.config.Labels, Kinds: tg.load.takes(),
		Seconds: seconds(tg.past.awayFor(d.guest))})
}

// described continues a deal whose guest the source has described.
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

// take stores a source's description of its guest; the need is never less than what is
// already reserved.
func (tg *targets) take(d *deal, p payload) {
	d.name, d.rules, d.sequel.price, d.about.processors, d.tgt.apart = p.Name, p.Rules, p.Price, p.Processors, p.Draining
	d.need, d.about.nature = most(d.need, p.need()), p.Nature
}

// whyNotTake says why a described guest is not taken. What d needs is already reserved.
func (tg *targets) whyNotTake(d *deal, p payload) Refusal {
	more := minus(p.need(), d.need)
	if why := tg.whyNoMore(p, more); why.Is() {
		return why
	}
	if why := tg.room.forbids(d, p); why.Is() {
		return why
	}
	if why := tg.spared.forbids(p.asSpare(d.guest), d.source, tg.self); why.Is() || d.operator {
		return why
	}
	if why := tg.whyNoReturn(d.guest, p.Load); why.Is() {
		return why
	}
	if why := tg.recommended.whyNotBeside(d.guest, p.Rules); why.Is() {
		return why
	}
	return tg.whyNoGain(p.Load, tg.load.shareOf(tg.recommended.loadedWith(more)))
}

// whyNoMore says why there is no room for what a guest needs more than is reserved.
func (tg *targets) whyNoMore(p payload, more Resources) Refusal {
	if more != (Resources{}) && !tg.room.fits(more) {
		return refusal(CodeNoRoom, "the guest needs %.3g cores and %d MiB, more than is reserved, and there is no room for it",
			p.CPU, p.Memory/mebibyte)
	}
	return tg.room.diskFits(more.DiskBytes)
}

// whyNoGain says why a move is not worth it, from a host with load from to this host,
// which would have load after. A policy may fill a host up to its high level; above it,
// the move must reduce the load that the guest sees.
func (tg *targets) whyNoGain(from, after float64) Refusal {
	if after <= tg.config.High || from-after >= tg.config.GainMin {
		return Refusal{}
	}
	return refusal(CodeNoGain, "too little is gained: the load would be %.2f here and is %.2f at the source", after, from)
}

// refusedBySource ends a deal whose guest the source does not give away.
func (tg *targets) refusedBySource(from HostID, p payload) {
	d := tg.book.deals[p.Deal]
	if d != nil && d.side == TargetSide && d.state == Asking && d.source == from {
		tg.ledger.end(d, Refused, said(p).in("the source: "))
	}
}

// offer announces a journalled reservation to the source's ledger, and to the model
// that asked for it.
func (tg *targets) offer(d *deal) {
	// The time to live begins when the source can know of the offer.
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
		Kind: kindOffer, Price: d.sequel.price, Deal: d.id, Token: d.token, Guest: d.guest, CPU: d.need.CPU, Memory: d.need.MemoryBytes,
		Seconds: seconds(tg.config.OfferTTL),
	})
}
