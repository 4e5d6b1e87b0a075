package peer

import (
	"slices"

	"parley/lcc"
)

// This file keeps others from asking this host for what it does for nobody, such as
// taking a guest while it is drained. No text has to know of that: the roles that need
// the action are not advertised. Others hear of it late, so what still comes for such a
// role is refused.

// unable is why actions are carried out for nobody, by their names.
type unable struct{ why map[string]string }

// set takes in an event and says whether it changes anything.
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

// closes returns the roles of a model that need such an action, sorted, and why the
// first of these actions by name is not carried out.
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
	for _, m := range c.order { // which no step of an engine changes
		if err := c.close(m); err != nil {
			return err
		}
	}
	return nil
}

// close closes the roles of a model that are to be closed now, and opens the others.
func (c *Core) close(m *enacted) error {
	roles, why := c.unable.closes(m.model)
	if len(roles) == 0 && len(m.closed) == 0 {
		return nil
	}
	m.closed = roles
	c.offer(m)
	return c.step(m, lcc.Closed{Roles: roles, Why: why})
}

// closes says whether a role is closed.
func (m *enacted) closes(role lcc.Term) bool {
	name, _, _ := lcc.Name(role)
	return slices.Contains(m.closed, name)
}
