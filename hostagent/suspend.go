package hostagent

import "slices"

// This file keeps models still for a while, as when a host goes from one policy
// to the next: what they have begun is finished, and nothing is added to it.

// suspend begins or ends the time in which no deal of a model is begun.
func (c *Core) suspend(why string) {
	if why == c.suspended {
		return
	}
	c.suspended = why
	c.emit(Changed{Names: loadNames()})
}

// Quiet says whether no deal of a model is under way at this host, as source or
// as target, from the first question about it to the last look. Deals of an
// operator do not count: no policy has a part in them.
func (c *Core) Quiet() bool {
	for _, d := range c.deals {
		if !d.operator {
			return false
		}
	}
	return !slices.ContainsFunc(c.revived, func(d *deal) bool { return !d.operator })
}
