package hostagent

import "parley/lcc"

// This file is the arrival check: whether a migration may begin at this host.
// Nothing replaces it: without it a source whose hold has expired, or whose
// commitment came twice, over-commits the target in spite of leases and
// journals (docs/model).

// arriving lets in only what an armed hold covers, and each hold covers one.
func (c *Core) arriving(ev Arriving) {
	admit := Admit{ID: ev.ID}
	d := c.dealOf(ev.Guest)
	switch {
	case d == nil:
		admit.Reason = c.foreign(ev)
		admit.OK = admit.Reason == ""
	case d.side != TargetSide:
		admit.Reason = "this host is moving the guest away: it is refused"
	case d.state != Armed || !d.durable:
		admit.Reason = "the deal is " + string(d.state) + ", not armed: it is refused"
	case ev.Deal != d.id || ev.Token != d.token:
		admit.Reason = "the migration names another deal or token: it is refused"
	case d.admitted || d.over != "":
		admit.Reason = "the deal was used already: it is refused"
	default:
		admit.OK, d.admitted = true, true
	}
	c.emit(admit)
}

// letIn is a guest that comes without a deal: its room is taken from the moment
// that it is let in, though the platform does not show it yet.
type letIn struct {
	need  Resources
	until lcc.Instant
}

// foreign decides about a migration that no deal of this host is about, such as
// one by hand; "" lets it in.
func (c *Core) foreign(ev Arriving) string {
	switch {
	case !c.config.AdmitForeign:
		return "no deal covers this migration: it is refused (move the guest with `parley migrate` at its host, or set arrival.foreign to allow at this one)"
	case c.settings.Drained:
		return drainedText
	case !c.seen:
		return "the platform cannot be seen" + because(c.lookErr)
	case c.guests[ev.Guest] != nil || c.letIn[ev.Guest].until > c.now:
		return "the guest is on this host, or on its way here, already"
	case c.with(ev.Need).MemoryBytes > c.platform.Capacity.MemoryBytes:
		// What it uses of its processors is not known, and a processor can be
		// shared; memory cannot.
		return "there is no memory for it beside what runs here and what is held"
	}
	if why := c.forbids(&deal{guest: ev.Guest}, payload{Rules: ev.Rules, Draining: true}); why != "" {
		return why
	}
	c.letIn[ev.Guest] = letIn{ev.Need, c.after(c.config.ArmedTTL)}
	c.emit(Changed{Names: loadNames()})
	return ""
}

// forgetLetIn drops what has come, or did not.
func (c *Core) forgetLetIn() {
	for guest, l := range c.letIn {
		if c.guests[guest] != nil || l.until <= c.now {
			delete(c.letIn, guest)
		}
	}
}
