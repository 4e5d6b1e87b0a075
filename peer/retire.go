package peer

import "parley/lcc"

// This file leaves a model for another at the end of a negotiation. A partner
// that has gone on already answers a message of the old model as one that it
// does not enact, and one that still ends what it had answers that it plays no
// role: to the text both are partners that failed.

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

// Resting says whether no agent of a model is in the middle of a negotiation
// (lcc.Engine.Resting), so that it can be withdrawn without a partner noticing.
// A model that is not enacted rests.
func (c *Core) Resting(digest lcc.Digest) bool {
	m := c.models[digest]
	return m == nil || m.engine.Resting()
}
