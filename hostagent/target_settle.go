package hostagent

import "parley/lcc"

// This file is what the target does once it is armed, until it has seen what
// became of the guest.

// targetLooked goes on with a deal by what the platform shows.
func (c *Core) targetLooked(d *deal) {
	here := c.place(d.guest)
	switch {
	case d.state == Armed && here == placeRunning:
		// The hold becomes the guest itself; whether it is gone there is the
		// source's to say.
		c.announce(d, Checking, "")
		d.expires = c.after(c.config.SettleMax)
		c.askSource(d)
	case d.state == Armed && here == placeIncoming:
		// An armed hold is not dropped by time while the move is under way.
		d.admitted, d.unseen = true, c.now
		d.expires = c.after(c.config.ArmedTTL)
		d.next = d.expires
	case d.over != "" && c.looksSince(d.lookFrom):
		c.overHere(d, here)
	case d.over != "":
		c.emit(Observe{})
	case d.state == Armed && here == placeAbsent && d.admitted && d.next > c.after(c.config.RetryEvery):
		// It was let in and is not here: the source knows.
		c.later(d, c.config.RetryEvery)
	}
}

// askSource asks whether the guest is still there, and looks here.
func (c *Core) askSource(d *deal) {
	if d.expires == 0 {
		d.expires = c.after(c.config.ArmedTTL)
	}
	c.later(d, c.config.RetryEvery)
	c.askWhere(d)
	c.emit(Observe{})
}

// tendTarget looks after a deal whose time has come.
func (c *Core) tendTarget(d *deal) {
	here := c.place(d.guest)
	switch {
	case d.state == Asking && c.now >= d.expires:
		c.end(d, Refused, "the source does not say what the guest needs")
	case d.state == Asking:
		c.sayAsk(d)
	case d.state == Offered && c.now >= d.expires:
		c.end(d, Expired, "the source did not commit in time")
	case d.state == Offered:
		d.next = d.expires
	case c.unvisited(d):
		// Should it come after all, it is not let in.
		c.end(d, Expired, unvisitedText)
	case c.now < d.expires+c.silence(d):
		c.askSource(d)
	case d.state == Checking && here == placeRunning && c.there(d) == placeRunning:
		c.end(d, Stuck, "both hosts show the guest running: look at both and stop the copy that is wrong")
	case d.state == Checking && here == placeRunning:
		c.end(d, Done, "the guest runs here; the source is silent")
	case d.state == Checking && here == placeAbsent && c.there(d) == placeRunning:
		c.end(d, Aborted, "the guest runs at its source, and not here any more")
	case d.state == Checking && here != placeUnknown:
		c.end(d, Stuck, "the guest came and is "+string(here)+" now: look at it here and at the source")
	case here == placeAbsent:
		// Should it come after all, it is not let in.
		c.end(d, Expired, "the guest did not come and the source is silent")
	default:
		// It is on its way, or the platform cannot be seen: the room is
		// taken as long as that lasts.
		c.askSource(d)
	}
}

// silence is how long a source is asked beyond the end of a hold before it
// counts as silent.
func (c *Core) silence(d *deal) lcc.Instant {
	if d.state == Armed {
		return lcc.Instant(c.config.SettleMax)
	}
	return 0
}

// sourceSays goes on by what the source answered.
func (c *Core) sourceSays(d *deal, p payload) {
	d.word.hear(p)
	switch {
	case d.state == Checking && p.Place == placeAbsent && c.place(d.guest) == placeRunning:
		c.end(d, Done, "")
	case d.state == Checking && p.Place == placeAbsent && p.Over && d.over == "":
		// It came, and was ended here before it was heard to be gone there.
		d.came = true
		c.sourceOver(d, "the guest came, and has ended here since")
	case d.state == Checking && p.Place == placeAbsent:
	case p.Over:
		c.sourceOver(d, "the source says that the move is over")
	case d.state == Armed && c.unvisited(d):
		c.end(d, Expired, unvisitedText)
	case d.state == Armed:
		// It will still come, if it does so soon.
		d.expires = c.after(c.config.ArmedTTL)
		d.next = d.expires
	}
}

// cancelled takes the source's word that nothing will come.
func (c *Core) cancelled(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d != nil && d.side == TargetSide && d.source == from {
		if p.Shown && d.state == Offered {
			c.end(d, Withdrawn, p.Reason)
			return
		}
		c.sourceOver(d, p.Reason)
	}
}

// sourceOver frees a hold by what is seen here, not by what the source says: a
// guest that was let in is looked for first.
func (c *Core) sourceOver(d *deal, reason string) {
	if reason == "" {
		reason = "the source has given the deal up"
	}
	if !d.admitted && d.state != Checking {
		c.end(d, Aborted, reason)
		return
	}
	if d.over == "" {
		d.over, d.lookFrom = reason, c.looks
	}
	c.emit(Observe{})
}

// overHere ends a deal that is over at the source, by a fresh look here.
func (c *Core) overHere(d *deal, here place) {
	switch {
	case here == placeAbsent && d.came:
		c.end(d, Done, d.over)
	case here == placeAbsent:
		c.end(d, Aborted, d.over)
	case here == placeRunning && c.there(d) == placeRunning:
		// Both: look again until the time is up (tendTarget).
		d.over = ""
	case here == placeRunning:
		c.end(d, Done, "")
	default:
		d.over = "" // it is still on its way, or stands still: ask again
	}
}
