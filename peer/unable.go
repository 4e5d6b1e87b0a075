package peer

import (
	"slices"

	"parley/lcc"
)

// This file hides roles that need an action which this host does not carry out at
// present, such as taking a guest during a drain. Texts need not handle that: such
// roles are not advertised. Others notice with a delay, so a message that still arrives
// for such a role is refused.

// unable maps the names of actions that are not carried out to the reasons.
type unable struct{ why map[string]string }

// set applies an event and reports whether it changes anything.
func (u *unable) set(ev Unable) bool {
	if u.why[ev.Action] == ev.Why {
		return false
	}
	if u.why == nil {
		u.why = map[string]string{}
	}
	if u.why[ev.Action] = ev.Why; ev.Why == "" {
		delete(u.why, ev.Action)
	}
	return true
}

// closes returns the roles of a model that need such an action, sorted, and the reason
// of the first of these actions by name.
func (u *unable) closes(model *lcc.Model) (roles []string, why string) {
	actions := make([]string, 0, len(u.why))
	for action := range u.why {
		actions = append(actions, action)
	}
	slices.Sort(actions)
	for _, action := range actions {
		acting := model.Acting(action)
		if len(roles) == 0 && len(acting) > 0 {
			why = u.why[action]
		}
		roles = append(roles, acting...)
	}
	slices.Sort(roles)
	return slices.Compact(roles), why
}

func (c *Core) setUnable(ev Unable) error {
	if !c.unable.set(ev) {
		return nil
	}
	for _, m := range c.order { // steps do not change c.order
		if err := c.close(m); err != nil {
			return err
		}
	}
	return nil
}

// close closes the roles of a model that must be closed now, and opens the others.
func (c *Core) close(m *enacted) error {
	roles, why := c.unable.closes(m.model)
	if len(roles) == 0 && len(m.closed) == 0 {
		return nil
	}
	m.closed = roles
	c.offer(m)
	return c.step(m, lcc.Closed{Roles: roles, Why: why})
}

// closes reports whether a role is closed.
func (m *enacted) closes(role lcc.Term) bool {
	name, _, _ := lcc.Name(role)
	return slices.Contains(m.closed, name)
}
