package peer

import (
	"math/rand/v2"
	"slices"

	"parley/lcc"
)

// This file is how models reach hosts whose adverts this one does not hear. The
// driver knows the whole roster and draws some of them now and then; a model asks
// beyond(P) for their ids and speaks to them by these.

// beyondName is the question of the vocabulary.
const beyondName = "beyond"

// sample is what beyond(P) is answered with; nil: the driver has told of nobody.
type sample [][]lcc.Term

// newSample puts the peers into an order of this peer's own chance, so that peers with
// the same sample do not all go to the same one first.
func newSample(peers []lcc.PeerID, self lcc.PeerID, chance *rand.ChaCha8) sample {
	list := slices.DeleteFunc(slices.Clone(peers), func(id lcc.PeerID) bool { return id == "" || id == self })
	slices.Sort(list)
	list = slices.Compact(list)
	for i := len(list) - 1; i > 0; i-- {
		k := int(chance.Uint64() % uint64(i+1))
		list[i], list[k] = list[k], list[i]
	}
	s := make(sample, 0, len(list))
	for _, id := range list {
		s = append(s, []lcc.Term{lcc.String(id)})
	}
	return s
}

// ask answers beyond(P); false where it is not the question, or the driver
// has told of nobody, so that the host's knowledge answers.
func (s sample) ask(goal lcc.Term) (lcc.Answer, bool) {
	name, args, _ := lcc.Name(goal)
	if name != beyondName || len(args) != 1 || s == nil {
		return lcc.Answer{}, false
	}
	if len(s) == 0 {
		return lcc.Answer{Detail: "no host beyond the group is known"}, true
	}
	return lcc.Answer{Truth: lcc.True, Solutions: s}, true
}

// setBeyond takes a new sample, and has the models look again that ask for it.
func (c *Core) setBeyond(peers []lcc.PeerID) error {
	c.beyond = newSample(peers, c.o.Self, c.chance)
	for _, m := range c.order { // which no step of an engine changes
		if m.engine.Waits(beyondName) {
			if err := c.step(m, lcc.Changed{Names: []string{beyondName}}); err != nil {
				return err
			}
		}
	}
	return nil
}
