package hostagent

// This file answers the operator of another host who wants a guest moved here: whether
// there would be room, and then by reserving it.

// quoted answers whether there would be room for a guest. Nothing is reserved.
func (tg *targets) quoted(from HostID, p payload) {
	d := &deal{guest: p.Guest, source: from, operator: true}
	need := p.need()
	why := tg.whyNoOffer(p.Guest, from, need, true, true)
	if !why.Is() {
		why = tg.room.forbids(d, p)
	}
	if !why.Is() {
		why = tg.spared.forbids(p.asSpare(p.Guest), from, tg.self)
	}
	if why.Is() {
		busy := tg.busy(from, p.Guest, why)
		if lasts := tg.whyLasting(d, p); busy && lasts.Is() {
			why, busy = lasts, false
		}
		tg.wire.send(from, payload{Kind: kindRefuse, Deal: p.Deal, Reason: why.Detail, Code: why.Code, Busy: busy})
		return
	}
	free := tg.room.free()
	tg.wire.send(from, payload{
		Kind: kindRoom, Deal: p.Deal, Load: tg.load.shareOf(tg.room.loadedWith(need)), Beside: len(p.Rules.Near) > 0 && tg.room.nearby(d,
			p.Rules),
		CPU: free.CPU, Memory: free.MemoryBytes, Nature: nature{Disk: free.DiskBytes},
	})
}

// whyLasting says what would still keep a guest away from here when the current deals
// have ended; the zero Refusal for nothing.
func (tg *targets) whyLasting(d *deal, p payload) Refusal {
	with := plus(tg.load.used(), p.need())
	if !tg.load.holds(with) || p.Nature.Disk > 0 && with.DiskBytes > tg.load.platform.Capacity.DiskBytes {
		return noRoom
	}
	if why := tg.room.forbids(d, p); why.Is() {
		return why
	}
	return tg.spared.forbids(p.asSpare(p.Guest), d.source, tg.self)
}

// proposed reserves room for a guest that its host's operator wants to move here. A
// duplicate is answered again.
func (tg *targets) proposed(from HostID, p payload) {
	if d := tg.book.deals[p.Deal]; d != nil {
		if d.side == TargetSide && d.source == from && d.state == Offered && d.durable {
			tg.sayOffer(d)
		}
		return
	}
	need := p.need()
	d := &deal{
		id: p.Deal, token: tg.random(), side: TargetSide, guest: p.Guest, name: p.Name, source: from, target: tg.self,
		need: need, about: traits{p.Nature, p.Processors}, rules: p.Rules,
		tgt: targetEnd{apart: p.Draining}, sequel: sequel{price: p.Price}, began: tg.now, operator: true,
	}
	why := tg.whyNoOffer(p.Guest, from, need, true, true)
	if tg.book.endedDeal(p.Deal) != nil {
		why = Refusal{CodeUsed, "the deal was used already"}
	}
	if !why.Is() {
		why = tg.room.forbids(d, p)
	}
	if !why.Is() {
		why = tg.spared.forbids(p.asSpare(p.Guest), from, tg.self)
	}
	if why.Is() {
		tg.wire.send(from, payload{
			Kind: kindRefuse, Deal: p.Deal, Reason: why.Detail, Code: why.Code, Busy: tg.busy(from, p.Guest, why),
		})
		return
	}
	tg.giveWay(d)
	d.expires = tg.after(tg.config.OfferTTL)
	d.next = d.expires
	tg.book.deals[d.id] = d
	tg.ledger.advance(d, Offered, func() { tg.offer(d) }, func(why Refusal) { tg.endAndRefuse(d, why) })
	tg.emit(Changed{Names: loadNames()})
	tg.home.proposed(d)
}

// busy says whether something that will end soon is in the way of an operator's move:
// deals, or a guest that has just started and is not measured yet.
func (tg *targets) busy(from HostID, guest GuestID, why Refusal) bool {
	return why.Code == CodeLoad && tg.load.seen ||
		tg.book.coming(true) >= tg.config.MovesIn || tg.book.dealOf(guest) != nil || tg.book.unusedOf(from, true) >= tg.conduct.eachMost()
}

// giveWay withdraws offers to models that no source has committed to, if they are in
// the way of an operator's move.
func (tg *targets) giveWay(to *deal) {
	for _, d := range tg.book.sortedDeals() {
		if d.givesWay() && (d.guest == to.guest || tg.book.count(TargetSide) >= tg.config.MovesIn || !tg.room.fits(to.need)) {
			to.tgt.displaces = true
			tg.ledger.end(d, Refused, Refusal{CodeDisplaced, "an operator's move goes first"})
		}
	}
}

// givesWay says whether a deal may be withdrawn: a model's deal that its source has not
// committed to.
func (d *deal) givesWay() bool {
	return d.side == TargetSide && !d.operator && (d.state == Offered || d.state == Asking)
}
