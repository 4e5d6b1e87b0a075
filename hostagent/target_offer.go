package hostagent

import (
	"fmt"

	"parley/lcc"
)

// This file is the target's end of a deal.

// reserve holds room for a guest of another host: reserve(Guest, Need, Source,
// Deal). It is answered once the source has described the guest and the offer
// is journalled.
func (c *Core) reserve(ev Act, args []lcc.Term) {
	guest, source := GuestID(text(args[0])), HostID(text(args[2]))
	need, ok := resources(args[1], "need")
	if why := c.whyNoOffer(guest, source, need, ok, false); why != "" {
		c.refuse(ev.ID, why)
		c.emit(DealChanged{
			Guest: guest, Name: string(guest), Source: source, Target: c.self,
			Side: TargetSide, State: Refused, Reason: why,
		})
		return
	}
	d := &deal{
		id: DealID(c.random(16)), token: c.random(16), side: TargetSide, state: Asking,
		guest: guest, name: string(guest), source: source, target: c.self, need: need,
		began: c.now, act: ev.ID, args: args, expires: c.after(c.config.CommitWait),
	}
	c.deals[d.id] = d
	c.sayAsk(d)
	c.emit(Changed{Names: loadNames()})
}

// whyNoOffer says why room is not held; "" when it may be. Damping and a pause
// are for models, not for an operator whose word can be believed.
func (c *Core) whyNoOffer(guest GuestID, source HostID, need Resources, read, operator bool) string {
	if operator && c.operatorDoubted(source) {
		if c.config.Recommend {
			return "this host only recommends, and room was held in vain for the operator of that one"
		}
		if why := c.whyNoQuota(source, false); why != "" {
			return why
		}
		operator = false
	}
	why := c.whyNoModel()
	if operator {
		why = c.whyNoDeal()
	}
	if why != "" {
		return why
	}
	switch {
	case c.settings.Drained:
		return drainedText
	case !read || !isName(string(guest)) || !isName(string(source)):
		return "reserve(Guest, Need, Source, Deal) needs a guest's id, need(Cores, MiB) and a peer's id"
	case source == c.self:
		return "a guest does not move to the host that it is on"
	case c.outsiders[source] != "":
		return c.outsiders[source]
	case c.needsPerson.wait(guest):
		return needsPersonText
	case c.coming(operator) >= c.config.MovesIn:
		return fmt.Sprintf("as many guests are on their way here as may be at one time: %d", c.coming(operator))
	case c.dealOf(guest) != nil && !(operator && c.dealOf(guest).givesWay()):
		return "the guest is in a deal of this host"
	case c.guests[guest] != nil:
		return c.whyHere(guest)
	case !operator && c.foreignMoves.why(guest, c.now, c.config) != "":
		return c.foreignMoves.why(guest, c.now, c.config)
	case !operator && c.within(c.movedAway[guest], c.config.ReturnAfter):
		return "the guest was moved away from here less than " + c.config.ReturnAfter.String() + " ago"
	case !c.fitsFor(operator, need):
		return noRoomText
	}
	return c.whyNoQuota(source, operator)
}

const noRoomText = "there is no room for it"

// whyHere says that a guest is on this host, and where that may be a half of a move
// what to do about it.
func (c *Core) whyHere(guest GuestID) string {
	t := c.guests[guest]
	if t.guest.State == Running {
		return "the guest is on this host"
	}
	return fmt.Sprintf("it is %s on this host: a move of it goes on, or half of one was left standing; where it runs at its source and "+
		"nothing moves (`virsh domjobinfo %s` there), end the half here with `virsh destroy %[2]s`", t.guest.State, t.guest.Name)
}

// coming counts the deals by which guests come here; for an operator only those
// that would not give way.
func (c *Core) coming(operator bool) (n int) {
	for _, d := range c.deals {
		if d.side == TargetSide && !(operator && d.givesWay()) {
			n++
		}
	}
	return n
}

// release gives up a hold that was not committed to.
func (c *Core) release(ev Act, args []lcc.Term) {
	id, token, ok := dealTerm(args[0])
	d := c.deals[id]
	switch {
	case !ok:
		c.refuse(ev.ID, "release(Deal) needs the deal that reserve gave")
		return
	case d != nil && (d.side != TargetSide || d.token != token):
		c.refuse(ev.ID, "the deal is not one that this host offered")
		return
	case d != nil && d.state != Offered && d.state != Asking:
		c.refuse(ev.ID, "the source has committed to the deal: the guest may be on its way")
		return
	case d != nil:
		c.end(d, Refused, "the offer was taken back")
	}
	c.emit(Answered{ID: ev.ID, Answer: lcc.Answer{Truth: lcc.True}})
}

// committed takes the source's commitment: the hold is armed once that is
// journalled. Said twice, it is answered twice.
func (c *Core) committed(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d == nil || d.side != TargetSide || d.source != from || d.token != p.Token || d.guest != p.Guest {
		reason := "no hold covers the deal"
		if old := c.endedDeal(p.Deal); old != nil && old.source == from {
			reason = fmt.Sprintf("the deal has ended here: %s%s", old.state, because(old.reason))
		}
		c.send(from, payload{Kind: kindRefuse, Deal: p.Deal, Reason: reason})
		return
	}
	if d.state != Offered {
		if d.state == Armed && d.durable && c.platform.Endpoint != "" {
			c.sayArmed(d)
		}
		return // its record is on the way to the journal, nothing was seen yet, or the guest is here
	}
	if c.config.Recommend && !d.operator {
		c.end(d, Withdrawn, "this host only recommends: `parley migrate` at the source moves the guest")
		c.send(d.source, payload{Kind: kindRefuse, Deal: d.id, Reason: "the target only recommends", Shown: true})
		return
	}
	if why := c.whyNotArmed(d, p); why != "" {
		c.endAndRefuse(d, why)
		return
	}
	d.name, d.state, d.processors = p.Name, Armed, max(d.processors, p.Processors)
	d.need = Resources{max(d.need.CPU, p.CPU), max(d.need.MemoryBytes, p.Memory)}
	d.expires, d.unseen = c.after(c.config.ArmedTTL), c.now
	d.next = d.expires
	c.write(d, func() {
		c.announce(d, Armed, "")
		c.sayArmed(d)
	}, func(why string) { c.endAndRefuse(d, why) })
}

// whyNotArmed says why a commitment is not taken. What the guest needs is now
// measured by its host; the hold was made for what a model said.
func (c *Core) whyNotArmed(d *deal, p payload) string {
	more := Resources{CPU: max(0, p.CPU-d.need.CPU), MemoryBytes: max(0, p.Memory-d.need.MemoryBytes)}
	switch {
	case c.now >= d.expires:
		return "the hold has expired"
	case !c.seen:
		return "the platform cannot be seen" + because(c.lookErr)
	case c.platform.Endpoint == "":
		return "the platform does not say where it is reached"
	case more != (Resources{}) && !c.fits(more):
		return fmt.Sprintf("the guest needs %.3g cores and %d MiB, more than is held, and there is no room for it",
			p.CPU, p.Memory/mebibyte)
	}
	return ""
}

func (c *Core) endAndRefuse(d *deal, why string) {
	c.end(d, Refused, why)
	c.send(d.source, payload{Kind: kindRefuse, Deal: d.id, Reason: why})
}

func (c *Core) sayArmed(d *deal) {
	c.send(d.source, payload{Kind: kindArmed, Deal: d.id, Endpoint: c.platform.Endpoint})
}
