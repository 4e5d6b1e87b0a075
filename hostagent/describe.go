package hostagent

import (
	"fmt"

	"parley/lcc"
)

// This file is what two ledgers say before an offer. What a model says of a
// guest is only what it says: the target asks the source, whose platform shows
// the guest, what it needs and where it may go.

// sayAsk asks the source to describe a guest.
func (c *Core) sayAsk(d *deal) {
	c.later(d, c.config.RetryEvery)
	c.send(d.source, payload{Kind: kindAsk, Deal: d.id, Guest: d.guest, Labels: c.config.Labels})
}

// describe tells a target about a guest, or why the guest is not for it. The
// source remembers nothing of it: it is asked again when it commits.
func (c *Core) describe(from HostID, p payload) {
	t := c.guests[p.Guest]
	why := c.whyNoModel()
	switch {
	case why != "":
	case t == nil:
		why = "the guest is not on this host"
	case c.count(SourceSide) >= c.config.MovesOut:
		why = fmt.Sprintf("as many guests are on their way out as may be at one time: %d", c.count(SourceSide))
	case c.whyNotThere(p.Guest, from, false) != "":
		why = "this host does not choose the one that asks: " + c.whyNotThere(p.Guest, from, false)
	default:
		why = c.whyNotMove(t)
	}
	if why == "" {
		why = lacksLabels(c.rules(t), p.Labels)
	}
	if why == "" {
		why = c.forbiddenAt(p.Guest, from)
	}
	if why != "" {
		c.send(from, payload{Kind: kindRefuse, Deal: p.Deal, Reason: why})
		return
	}
	c.send(from, c.description(kindDescribe, p.Deal, t))
}

// description is what a target needs to know of a guest of this host.
func (c *Core) description(kind string, deal DealID, t *tracked) payload {
	need := c.need(t)
	var price *Price
	if p, known := c.price(t); known {
		price = &p
	}
	return payload{
		Kind: kind, Deal: deal, Guest: t.guest.ID, Name: t.guest.Name,
		CPU: need.CPU, Memory: need.MemoryBytes, Processors: t.guest.Declared.CPU, Rules: c.rules(t), Load: c.load(c.used()),
		Draining: c.settings.Drained, Price: price, Networks: t.guest.Networks,
		Files: filesToAsk(t.guest.Files),
	}
}

// described goes on with a deal whose guest the source has described.
func (c *Core) described(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d == nil || d.side != TargetSide || d.state != Asking || d.source != from || d.guest != p.Guest {
		return
	}
	if why := c.whyNotTake(d, p); why != "" {
		c.end(d, Refused, why)
		return
	}
	c.take(d, p)
	d.state = Offered
	c.write(d, func() { c.offer(d) }, func(why string) { c.end(d, Refused, why) })
}

// take notes what a source says of its guest; the need is never less than what
// is held already.
func (c *Core) take(d *deal, p payload) {
	d.name, d.rules, d.price, d.processors, d.apart = p.Name, p.Rules, p.Price, p.Processors, p.Draining
	d.need = Resources{max(d.need.CPU, p.CPU), max(d.need.MemoryBytes, p.Memory)}
}

// whyNotTake says why a guest that was described is not taken. What d needs is
// held already.
func (c *Core) whyNotTake(d *deal, p payload) string {
	more := Resources{CPU: max(0, p.CPU-d.need.CPU), MemoryBytes: max(0, p.Memory-d.need.MemoryBytes)}
	if more != (Resources{}) && !c.fits(more) {
		return fmt.Sprintf("the guest needs %.3g cores and %d MiB, more than is held, and there is no room for it",
			p.CPU, p.Memory/mebibyte)
	}
	if why := c.forbids(d, p); why != "" {
		return why
	}
	if d.operator {
		return ""
	}
	return c.whyNoGain(p.Load, c.load(c.loadedWith(more)))
}

// whyNoGain says why a move from a host with one load to this one, which would
// have another, is not worth it. A host below its high level may be filled as
// the policy likes; above it a guest must be better off.
func (c *Core) whyNoGain(from, after float64) string {
	if after <= c.config.High || from-after >= c.config.GainMin {
		return ""
	}
	return fmt.Sprintf("too little is gained: the load would be %.2f here and is %.2f at the source", after, from)
}

// refusedBySource ends a deal whose guest the source does not give.
func (c *Core) refusedBySource(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d != nil && d.side == TargetSide && d.state == Asking && d.source == from {
		c.end(d, Refused, "the source: "+p.Reason)
	}
}

// offer tells of a hold that is in the journal: the source's ledger, and the
// model that asked for it.
func (c *Core) offer(d *deal) {
	// The partner's time begins when it can know of the offer.
	d.expires = c.after(c.config.OfferTTL)
	d.next = d.expires
	c.announce(d, Offered, "")
	c.sayOffer(d)
	if d.act != 0 {
		c.emit(Answered{ID: d.act, Answer: yes(d.args[0], d.args[1], d.args[2],
			lcc.NewTerm("deal", lcc.String(d.id), lcc.String(d.token), lcc.Int(seconds(c.config.OfferTTL))))})
		d.act = 0
	}
}

func (c *Core) sayOffer(d *deal) {
	c.send(d.source, payload{
		Kind: kindOffer, Price: d.price, Deal: d.id, Token: d.token, Guest: d.guest, CPU: d.need.CPU, Memory: d.need.MemoryBytes,
		Seconds: seconds(c.config.OfferTTL),
	})
}
