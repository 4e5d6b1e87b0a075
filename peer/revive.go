package peer

import (
	"slices"

	"parley/lcc"
)

// This file begins agents anew that failed. A value of a wrong type from
// another peer, or a limit, ends an agent; the host that it acts for must not
// be out of the game for ever because of that.

// revival is an agent that is begun anew at an instant.
type revival struct {
	at    lcc.Instant
	start lcc.Start
}

// ended plans a new beginning of an agent of Enact.Start that failed. One that
// came to its end, or was stopped, has no need of one; one that a message began
// has a partner who learns of it.
func (c *Core) ended(m *enacted, f lcc.Finish) {
	switch f.Reason.Code {
	case lcc.ReasonDone, lcc.ReasonStopped, lcc.ReasonNoRole:
		return
	}
	for _, start := range m.starts {
		if f.Agent != 0 && !m.retired && lcc.Equal(start.Role, f.Role) {
			m.plan(revival{c.reviveAt(m, f), start})
			return
		}
	}
}

// reviveAt is when an agent begins anew. Where the message of another peer made it
// fail, that peer is not heard for a while, so nobody else has to wait.
func (c *Core) reviveAt(m *enacted, f lcc.Finish) lcc.Instant {
	if f.By == "" {
		return c.now + lcc.Instant(c.o.ReviveAfter)
	}
	c.provoked.note(provocation{f.By, m.model.Digest()}, c.now)
	return c.now
}

// plan keeps the revivals in the order of their instants.
func (m *enacted) plan(r revival) {
	at := len(m.revive)
	for at > 0 && m.revive[at-1].at > r.at {
		at--
	}
	m.revive = slices.Insert(m.revive, at, r)
}

// revive begins the agents whose time has come.
func (c *Core) revive(m *enacted) error {
	for len(m.revive) > 0 && m.revive[0].at <= c.now {
		next := m.revive[0]
		m.revive = m.revive[1:]
		if err := c.step(m, next.start); err != nil {
			return err
		}
	}
	return nil
}
