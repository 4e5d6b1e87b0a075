package hostagent

import (
	"fmt"

	"parley/lcc"
)

// This file is the source's end of a deal.

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
		id: id, token: token, side: SourceSide, state: Intended, act: ev.ID,
		guest: guest, name: t.guest.Name, source: c.self, target: target, need: t.need(),
	}
	c.deals[d.id] = d
	c.set(d, Intended, "")
	c.write(d, func() {
		if c.deals[d.id] == d {
			c.sayCommit(d)
		}
	})
	c.emit(Changed{Names: []string{"guest"}})
}

// whyNoCommit says why a deal is not committed to; "" when it may be.
func (c *Core) whyNoCommit(id DealID, guest GuestID, target HostID, read bool) string {
	if why := c.whyNoDeal(); why != "" {
		return why
	}
	t := c.guests[guest]
	switch {
	case !read || target == "":
		return "migrate(Deal, Guest, Target) needs the deal that the target gave, a guest's id and a peer's id"
	case target == c.self:
		return "a guest does not move to the host that it is on"
	case t == nil:
		return "the guest is not on this host"
	case c.deals[id] != nil || c.endedDeal(id) != nil:
		return "the deal was used already"
	case c.count(SourceSide) >= c.config.MovesOut:
		return fmt.Sprintf("%d guests are on their way out already", c.config.MovesOut)
	}
	if why := c.whyNotMove(t); why != "" {
		return "the guest is not moved: " + why
	}
	return ""
}

func (c *Core) sayCommit(d *deal) {
	d.tries++
	c.later(d, c.config.RetryEvery)
	c.send(d.target, payload{
		Kind: kindCommit, Deal: d.id, Token: d.token, Guest: d.guest, Name: d.name,
		CPU: d.need.CPU, Memory: d.need.MemoryBytes,
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
	if d.state != Intended || d.endpoint != "" {
		return // said twice
	}
	if !c.runsHere(d.guest) {
		c.abandon(d, "the guest does not run on the source any more")
		return
	}
	d.endpoint, d.state, d.next, d.tries = p.Endpoint, Moving, 0, 0
	deadline := c.config.moveDeadline(d.need.MemoryBytes)
	c.write(d, func() {
		if c.deals[d.id] != d {
			return
		}
		d.expires = c.after(deadline)
		c.set(d, Moving, "")
		c.emit(StartMove{Deal: d.id, Deadline: deadline, Move: Migration{
			Guest: d.guest, Endpoint: d.endpoint, Deal: d.id, Token: d.token, MovedAt: c.wall,
		}})
	})
}

// refusedByTarget ends a deal that the target does not hold room for.
func (c *Core) refusedByTarget(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d != nil && d.side == SourceSide && d.target == from && d.state == Intended && d.endpoint == "" {
		c.end(d, Refused, "the target: "+p.Reason)
	}
}

// abandon ends a deal whose move never began, and tells the target.
func (c *Core) abandon(d *deal, reason string) {
	c.send(d.target, payload{Kind: kindCancel, Deal: d.id, Reason: reason})
	c.end(d, Aborted, reason)
}

// moved takes the platform's word that the migration is over, and looks.
func (c *Core) moved(ev Moved) {
	d := c.deals[ev.Deal]
	if d == nil || d.side != SourceSide || d.moved {
		return
	}
	d.moved, d.moveErr, d.migrated = true, ev.Err, ev.Migrated
	c.check(d, ev.Err)
}

// check looks where the guest is, here and there.
func (c *Core) check(d *deal, reason string) {
	d.tries, d.there = 0, placeUnknown
	c.set(d, Checking, reason)
	c.askWhere(d)
}

func (c *Core) askWhere(d *deal) {
	d.tries++
	c.later(d, c.config.RetryEvery)
	c.send(d.target, payload{Kind: kindWhere, Deal: d.id})
	c.emit(Observe{})
}

// targetSays notes where the target shows the guest, and looks here as well
// before anything is concluded.
func (c *Core) targetSays(d *deal, p payload) {
	if p.Place == placeUnknown {
		return
	}
	d.there = p.Place
	if d.state == Checking {
		c.emit(Observe{})
	}
}

// sourceLooked concludes from both looks; the target's came before this one.
func (c *Core) sourceLooked(d *deal) {
	if d.state != Checking {
		return
	}
	here, there := c.place(d.guest), d.there
	switch {
	case here == placeAbsent && there == placeRunning:
		c.end(d, Done, "")
	case here == placeRunning && there == placeAbsent && d.orphan:
		// The platform may still be at it, though nobody waits: a migration
		// between two daemons outlives the agent that asked for it.
		d.orphan, d.there = false, placeUnknown
		c.emit(AbortMove{Deal: d.id, Guest: d.guest})
		c.askWhere(d)
	case here == placeRunning && there == placeAbsent && d.moved:
		reason := d.moveErr
		if reason == "" {
			reason = "the platform said that it had moved, but it runs here and not there"
		}
		c.send(d.target, payload{Kind: kindCancel, Deal: d.id, Reason: reason})
		c.end(d, Aborted, reason)
	}
	// Anything else (both, neither, still on its way) is looked at again.
}

// tendSource looks after a deal whose time has come.
func (c *Core) tendSource(d *deal) {
	switch {
	case d.state == Intended && d.tries < triesMax:
		c.sayCommit(d)
	case d.state == Intended:
		c.abandon(d, "the target does not answer")
	case d.state == Checking && d.there == placeIncoming && c.now < d.expires:
		c.askWhere(d) // still moving is an answer of its own
	case d.state == Checking && d.tries == triesMax/2 && c.place(d.guest) == placeRunning:
		// It is here and does not get away, or stands on both sides.
		c.emit(AbortMove{Deal: d.id, Guest: d.guest})
		c.askWhere(d)
	case d.state == Checking && d.tries < triesMax:
		c.askWhere(d)
	case d.state == Checking:
		c.unclear(d)
	default:
		d.next = 0
	}
}

// unclear ends a deal that no look has settled.
func (c *Core) unclear(d *deal) {
	switch here, there := c.place(d.guest), d.there; {
	case here == placeRunning && there == placeRunning:
		c.end(d, Stuck, "both hosts show the guest running: look at both with `virsh list` and stop the copy that is wrong")
	case here == placeRunning:
		c.end(d, Aborted, "the guest runs here; the target is silent")
	default:
		c.end(d, Stuck, fmt.Sprintf("the guest is not seen here and the target says %q: look for it with `virsh list` on %s", there, d.target))
	}
}
