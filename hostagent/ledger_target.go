package hostagent

import (
	"fmt"
	"time"

	"parley/lcc"
)

// This file is the target's end of a deal.

// reserve holds room for a guest of another host: reserve(Guest, Need, Source,
// Deal). The offer is answered once it is journalled.
func (c *Core) reserve(ev Act, args []lcc.Term) {
	guest, source := GuestID(text(args[0])), HostID(text(args[2]))
	need, ok := resources(args[1], "need")
	if why := c.whyNoOffer(guest, source, need, ok); why != "" {
		c.refuse(ev.ID, why)
		return
	}
	d := &deal{
		id: DealID(c.random(8)), token: c.random(16), side: TargetSide,
		guest: guest, name: string(guest), source: source, target: c.self, need: need,
		state: Offered, expires: c.after(c.config.OfferTTL), act: ev.ID,
	}
	d.next = d.expires
	c.deals[d.id] = d
	c.write(d, func() {
		if c.deals[d.id] != d {
			return
		}
		d.act = 0
		// The partner's time begins when it can know of the offer.
		d.expires = c.after(c.config.OfferTTL)
		d.next = d.expires
		c.set(d, Offered, "")
		c.emit(Answered{ID: ev.ID, Answer: yes(args[0], args[1], args[2],
			lcc.NewTerm("deal", lcc.String(d.id), lcc.String(d.token), lcc.Int(c.config.OfferTTL/time.Second)))})
		c.emit(Changed{Names: loadNames()})
	})
}

// whyNoOffer says why room is not held; "" when it may be.
func (c *Core) whyNoOffer(guest GuestID, source HostID, need Resources, read bool) string {
	if why := c.whyNoDeal(); why != "" {
		return why
	}
	left, wasHere := c.left[guest]
	switch {
	case !read || guest == "" || source == "":
		return "reserve(Guest, Need, Source, Deal) needs a guest's id, need(Cores, MiB) and a peer's id"
	case source == c.self:
		return "a guest does not move to the host that it is on"
	case c.count(TargetSide) >= c.config.MovesIn:
		return fmt.Sprintf("%d guests are on their way here already", c.config.MovesIn)
	case c.dealOf(guest) != nil:
		return "the guest is in a deal of this host"
	case c.guests[guest] != nil:
		return "the guest is on this host"
	case wasHere && c.config.Cooldown > 0 && c.now-left.at < lcc.Instant(c.config.Cooldown):
		return "the guest was moved away from here a short while ago"
	case !c.fits(need):
		return "there is no room for it"
	}
	return ""
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
	case d != nil && d.state != Offered:
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
			reason = fmt.Sprintf("the deal has ended here: %s %s", old.state, old.reason)
		}
		c.send(from, payload{Kind: kindRefuse, Deal: p.Deal, Reason: reason})
		return
	}
	switch {
	case d.state == Armed && d.durable && c.seen:
		c.send(from, payload{Kind: kindArmed, Deal: d.id, Endpoint: c.platform.Endpoint})
	case d.state != Offered:
		// Its record is on the way to the journal: the answer follows it.
	case p.Memory > d.need.MemoryBytes:
		c.end(d, Refused, fmt.Sprintf("the guest declares %d bytes of memory, the hold is for %d", p.Memory, d.need.MemoryBytes))
		c.send(from, payload{Kind: kindRefuse, Deal: d.id, Reason: d.reason})
	case !c.seen:
		c.end(d, Refused, "the platform cannot be seen"+because(c.lookErr))
		c.send(from, payload{Kind: kindRefuse, Deal: d.id, Reason: d.reason})
	default:
		d.name, d.state = p.Name, Armed
		d.expires = c.after(c.config.ArmedTTL)
		d.next = d.expires
		c.write(d, func() {
			if c.deals[d.id] != d {
				return
			}
			d.durable, d.endpoint = true, c.platform.Endpoint
			c.set(d, Armed, "")
			c.send(from, payload{Kind: kindArmed, Deal: d.id, Endpoint: d.endpoint})
		})
	}
}

// arriving decides whether a migration may begin here: only one that an armed
// hold covers.
func (c *Core) arriving(ev Arriving) {
	admit := Admit{ID: ev.ID, Reason: "no deal covers this migration: it is refused"}
	if d := c.dealOf(ev.Guest); d != nil && d.side == TargetSide {
		switch {
		case d.state != Armed:
			admit.Reason = "the deal is " + string(d.state) + ", not armed: it is refused"
		case ev.Deal != "" && (ev.Deal != d.id || ev.Token != d.token):
			admit.Reason = "the migration names another deal or token: it is refused"
		default:
			admit.OK, admit.Reason = true, ""
		}
	}
	c.emit(admit)
}

// targetLooked goes on with a deal by what the platform shows.
func (c *Core) targetLooked(d *deal) {
	if d.state != Armed {
		return
	}
	switch c.place(d.guest) {
	case placeRunning:
		c.end(d, Done, "")
		c.send(d.source, payload{Kind: kindHere, Deal: d.id, Place: placeRunning})
	case placeIncoming:
		// An armed hold is not dropped by time while the move is under way.
		d.expires, d.tries = c.after(c.config.ArmedTTL), 0
		d.next = d.expires
	}
}

// tendTarget looks after a deal whose time has come.
func (c *Core) tendTarget(d *deal) {
	switch {
	case d.state == Offered && c.now >= d.expires:
		c.end(d, Expired, "the source did not commit in time")
	case d.state == Offered:
		d.next = d.expires
	case d.tries < triesMax:
		// The guest did not come: the source knows whether it still will.
		d.tries++
		c.later(d, c.config.RetryEvery)
		c.send(d.source, payload{Kind: kindWhere, Deal: d.id})
		c.emit(Observe{})
	case c.place(d.guest) == placeAbsent:
		c.end(d, Expired, "the guest did not come and the source is silent")
	default:
		d.tries = 0
		c.later(d, c.config.ArmedTTL)
	}
}

// sourceSays goes on with an armed deal by what its source answered.
func (c *Core) sourceSays(d *deal, p payload) {
	switch {
	case !p.Over:
		d.expires, d.tries = c.after(c.config.ArmedTTL), 0
		d.next = d.expires
	case c.place(d.guest) == placeAbsent:
		c.end(d, Aborted, "the source says that the move is over, and the guest is not here")
	}
}

// cancelled takes the source's word that nothing will come. If the platform
// shows otherwise the platform is right.
func (c *Core) cancelled(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d == nil || d.side != TargetSide || d.source != from || c.place(d.guest) != placeAbsent {
		return
	}
	c.end(d, Aborted, p.Reason)
}
