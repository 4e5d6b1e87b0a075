package peer

import "parley/lcc"

// This file leaves a model for another at the end of negotiations. A partner that has
// already switched answers a message of the old model with "not enacted"; a partner
// that is still finishing answers that it plays no such role. The text sees both as a
// partner that failed.

func (c *Core) retire(ev Retire) error {
	for _, digest := range ev.Models {
		if m := c.models[digest]; m != nil {
			if err := c.setRetired(m, true); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Core) setRetired(m *enacted, retired bool) error {
	if m.retired == retired {
		return nil
	}
	m.retired, m.revive = retired, nil
	c.adverts.due = true
	return c.step(m, lcc.Retired{Retired: retired})
}

// Resting reports whether no agent of a model is in the middle of a negotiation
// (lcc.Engine.Resting), so that it can be withdrawn without a partner noticing. A model
// that is not enacted rests.
func (c *Core) Resting(digest lcc.Digest) bool {
	m := c.models[digest]
	return m == nil || m.engine.Resting()
}
