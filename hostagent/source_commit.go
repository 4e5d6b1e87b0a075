package hostagent

import (
	"fmt"

	"parley/lcc"
)

// This file is the source's end of a deal, up to the move.

// migrate commits to a deal: migrate(Deal, Guest, Target). It is answered when
// the deal has ended.
func (c *Core) migrate(ev Act, args []lcc.Term) {
	id, token, ok := dealTerm(args[0])
	guest, target := GuestID(text(args[1])), HostID(text(args[2]))
	if why := c.whyNoCommit(id, guest, target, ok); why != "" {
		c.refuse(ev.ID, why)
		return
	}
	t := c.guests[guest]
	d := &deal{
		id: id, token: token, side: SourceSide, began: c.now, act: ev.ID,
		guest: guest, name: t.guest.Name, source: c.self, target: target, need: c.need(t), processors: t.guest.Declared.CPU,
	}
	if p, known := c.price(t); known {
		d.price = &p
	}
	if c.config.Recommend {
		c.recommend(d)
		return
	}
	c.deals[d.id] = d
	c.intend(d)
}

// recommend shows a deal and withdraws from it. Until the guest would have
// cooled down from the move, no other is looked for.
func (c *Core) recommend(d *deal) {
	reason := "this host only recommends: `parley migrate` moves the guest, the mode auto lets policies do it"
	c.send(d.target, payload{Kind: kindCancel, Deal: d.id, Reason: "the source only recommends", Shown: true})
	c.recommended[d.guest] = c.now
	c.announce(d, Withdrawn, reason)
	c.emit(Answered{ID: d.act, Answer: lcc.Answer{Detail: reason}})
	c.emit(Changed{Names: loadNames()})
}

// intend journals that a guest is to be moved by an offer, and then commits.
func (c *Core) intend(d *deal) {
	d.expires, d.next = c.after(c.config.CommitWait), 0
	c.announce(d, Intended, "")
	c.write(d, func() { c.sayCommit(d) }, func(why string) { c.end(d, Aborted, why) })
	c.emit(Changed{Names: loadNames()})
}

// whyNoCommit says why a deal is not committed to; "" when it may be.
func (c *Core) whyNoCommit(id DealID, guest GuestID, target HostID, read bool) string {
	if why := c.whyNoModel(); why != "" {
		return why
	}
	t := c.guests[guest]
	switch {
	case !read || !isName(string(target)):
		return "migrate(Deal, Guest, Target) needs the deal that the target gave, a guest's id and a peer's id"
	case target == c.self:
		return "a guest does not move to the host that it is on"
	case c.outsiders[target] != "":
		return c.outsiders[target]
	case c.whyNotThere(guest, target, false) != "":
		return "the target is not chosen: " + c.whyNotThere(guest, target, false)
	case t == nil:
		return "the guest is not on this host"
	case c.deals[id] != nil || c.endedDeal(id) != nil:
		return "the deal was used already"
	case c.count(SourceSide) >= c.config.MovesOut:
		return fmt.Sprintf("as many guests are on their way out as may be at one time: %d", c.count(SourceSide))
	}
	if why := c.whyNotMove(t); why != "" {
		return "the guest is not moved: " + why
	}
	if why := c.forbiddenAt(guest, target); why != "" {
		return why
	}
	return ""
}

func (c *Core) sayCommit(d *deal) {
	c.later(d, c.config.RetryEvery)
	c.send(d.target, payload{
		Kind: kindCommit, Deal: d.id, Token: d.token, Guest: d.guest, Name: d.name,
		CPU: d.need.CPU, Memory: d.need.MemoryBytes, Processors: d.processors,
	})
}

// armed begins the move: its intent is in the journal, the target holds room.
func (c *Core) armed(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d == nil || d.side != SourceSide || d.target != from {
		// A deal that ended here must not hold room there.
		c.send(from, payload{Kind: kindCancel, Deal: p.Deal, Reason: "the source has given the deal up"})
		return
	}
	if d.state != Intended || !d.durable || p.Endpoint == "" {
		return // said twice, or by nobody who was told of the deal
	}
	if !c.runsHere(d.guest) {
		c.abandon(d, "the guest does not run on the source now")
		return
	}
	if why := c.forbiddenAt(d.guest, d.target); why != "" {
		c.abandon(d, why)
		return
	}
	d.endpoint, d.state, d.next = p.Endpoint, Moving, 0
	c.write(d, func() { c.startMove(d) }, func(why string) { c.abandon(d, why) })
}

func (c *Core) startMove(d *deal) {
	deadline := c.config.moveDeadline(d.need.MemoryBytes)
	// Should the driver never say that the call returned, it is looked at
	// some time after the deadline at which the driver gives it up.
	d.expires = c.after(deadline + c.config.SettleMax)
	d.next = d.expires
	if d.ofDrain() {
		d.next = min(d.expires, c.now+c.haste(d))
	}
	c.announce(d, Moving, "")
	c.emit(StartMove{Deal: d.id, Deadline: deadline, Move: Migration{
		Guest: d.guest, Endpoint: d.endpoint, Deal: d.id, Token: d.token,
		DowntimeMax: c.config.DowntimeMax, BandwidthMax: c.config.BandwidthMax, MovedAt: c.wall, Force: d.force,
	}})
}

// refusedBy takes the other end's no.
func (c *Core) refusedBy(from HostID, p payload) {
	d := c.deals[p.Deal]
	switch {
	case d == nil:
		c.hasRoom(from, p)
	case d.side == TargetSide:
		c.refusedBySource(from, p)
	case d.target == from && (d.state == Moving || d.state == Checking):
		// It did not let the guest in, and says why. What became of the move the
		// platforms show.
		d.excused = true
	case d.target == from && d.state == Intended && p.Shown:
		c.recommended[d.guest] = c.now
		c.end(d, Withdrawn, p.Reason)
	case d.target == from && d.state == Asking && p.Busy && c.now < d.expires && len(d.orders) > 0:
		// It is asked again in a moment (tendSource).
	case d.target == from && (d.state == Intended || d.state == Asking):
		d.declined, d.busy = !p.Busy, p.Busy
		c.end(d, Refused, "the target: "+p.Reason)
	}
}

// undelivered gives up what did not reach the other end and binds nobody yet. Other payloads
// are asked again after a pause in which a broken connection may heal.
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
	d := c.deals[p.Deal]
	switch {
	case p.Kind == kindQuote:
		c.hasRoom(ev.To, payload{Kind: kindRefuse, Deal: p.Deal, Reason: "it cannot be reached: " + ev.Reason.String()})
	case d == nil || d.partner() != ev.To:
	case p.Kind == kindCommit && d.state == Intended, p.Kind == kindPropose && d.state == Asking:
		c.end(d, Aborted, "the target cannot be reached: "+ev.Reason.String())
	case p.Kind == kindAsk && d.state == Asking:
		c.end(d, Refused, "the source cannot be reached: "+ev.Reason.String())
	}
}

// abandon ends a deal whose move never began, and tells the target. Should the
// guest be gone all the same, moved by somebody else, it is looked for.
func (c *Core) abandon(d *deal, reason string) {
	if c.seen && !c.isHere(d.guest) {
		d.moved, d.moveErr = true, reason
		c.check(d, reason)
		return
	}
	c.send(d.target, payload{Kind: kindCancel, Deal: d.id, Reason: reason})
	c.end(d, Aborted, reason)
}
