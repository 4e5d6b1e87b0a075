package peer

import (
	"slices"

	"parley/lcc"
)

// This file is how models reach hosts whose adverts this one does not hear. The
// driver knows the whole roster and draws some of them now and then; a model asks
// beyond(P) for their ids and speaks to them by these.

// beyondName is the question of the vocabulary.
const beyondName = "beyond"

// setBeyond takes a new sample. Its order is by this peer's own chance, so that
// peers with the same sample do not all go to the same one first.
func (c *Core) setBeyond(peers []lcc.PeerID) error {
	sample := slices.DeleteFunc(slices.Clone(peers), func(id lcc.PeerID) bool { return id == "" || id == c.o.Self })
	slices.Sort(sample)
	sample = slices.Compact(sample)
	for i := len(sample) - 1; i > 0; i-- {
		k := int(c.chance.Uint64() % uint64(i+1))
		sample[i], sample[k] = sample[k], sample[i]
	}
	c.beyond = make([][]lcc.Term, 0, len(sample))
	for _, id := range sample {
		c.beyond = append(c.beyond, []lcc.Term{lcc.String(id)})
	}
	for _, m := range c.order { // which no step of an engine changes
		if m.engine.Waits(beyondName) {
			if err := c.step(m, lcc.Changed{Names: []string{beyondName}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// askBeyond answers beyond(P); false where it is not the question, or the driver
// has told of nobody, so that the host's knowledge answers.
func (c *Core) askBeyond(goal lcc.Term) (lcc.Answer, bool) {
	name, args, _ := lcc.Name(goal)
	if name != beyondName || len(args) != 1 || c.beyond == nil {
		return lcc.Answer{}, false
	}
	if len(c.beyond) == 0 {
		return lcc.Answer{Detail: "no host beyond the group is known"}, true
	}
	return lcc.Answer{Truth: lcc.True, Solutions: c.beyond}, true
}
