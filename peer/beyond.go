package peer

import (
	"math/rand/v2"
	"slices"
	"time"

	"parley/lcc"
)

// This file lets models reach hosts whose adverts this host does not receive. The
// driver knows the whole roster and draws a sample of those hosts now and then; a model
// gets their ids from beyond(P) and addresses them by id.

// BeyondEvery is how often a driver draws again, and BeyondCount how many hosts.
const (
	BeyondEvery = 10 * time.Second
	BeyondCount = 8
)

// beyondName is the predicate of the vocabulary.
const beyondName = "beyond"

// sample is the answer to beyond(P); nil when the driver has handed in none.
type sample [][]lcc.Term

// newSample shuffles the peers with this peer's own random source, so that peers with
// the same sample do not all choose the same one first.
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

// ask answers beyond(P). It returns false for another goal, and when the driver has
// handed in no sample; then the host's knowledge answers.
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

// setBeyond replaces the sample, and makes the models that use it look again.
func (c *Core) setBeyond(peers []lcc.PeerID) error {
	c.beyond = newSample(peers, c.o.Self, c.chance)
	for _, m := range c.order { // steps do not change c.order
		if m.engine.Waits(beyondName) {
			if err := c.step(m, lcc.Changed{Names: []string{beyondName}}); err != nil {
				return err
			}
		}
	}
	return nil
}
