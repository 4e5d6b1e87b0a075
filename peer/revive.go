package peer

import (
	"slices"

	"parley/lcc"
)

// This file restarts agents that failed. A value of a wrong type from another peer, or
// a limit, ends an agent; that must not exclude its host for ever.

// revival is an agent that is restarted at an instant.
type revival struct {
	at    lcc.Instant
	start lcc.Start
}

// ended schedules a restart for an agent of Enact.Start that failed. An agent that is
// done or was stopped needs none; the partner of an agent started by a message is
// notified.
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

// reviveAt returns when an agent restarts. When a message of another peer made it fail,
// that peer is put into back-off instead, so that no other peer has to wait.
func (c *Core) reviveAt(m *enacted, f lcc.Finish) lcc.Instant {
	if f.By == "" {
		return c.now + lcc.Instant(c.o.ReviveAfter)
	}
	c.provoked.note(provocation{f.By, m.model.Digest()}, c.now)
	return c.now
}

// plan keeps the revivals sorted by instant.
func (m *enacted) plan(r revival) {
	at := len(m.revive)
	for at > 0 && m.revive[at-1].at > r.at {
		at--
	}
	m.revive = slices.Insert(m.revive, at, r)
}

// revive starts the agents whose instant has come.
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
