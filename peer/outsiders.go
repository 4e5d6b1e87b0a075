package peer

import (
	"errors"
	"fmt"

	"parley/lcc"
)

// This file keeps peers of other owners to what both agreed on: their hosts may
// negotiate with ours by the models that both publish, and by no other.

// Outsider is a peer of which only some models count.
type Outsider struct {
	Peer   lcc.PeerID
	Models []lcc.Digest
	Why    string // what a refusal of another model says, for people
}

// outsider is what is looked up about one of them.
type outsider struct {
	models map[lcc.Digest]bool
	why    string
}

// accepts says whether a model of a peer counts.
func (m *matchmaker) accepts(id lcc.PeerID, model lcc.Digest) bool {
	o, known := m.outsiders[id]
	return !known || o.models[model]
}

// setOutsiders replaces the list. What was promised to a peer that is on it now
// is the ledger's business: its messages come back from here on.
func (c *Core) setOutsiders(list []Outsider) error {
	outsiders := make(map[lcc.PeerID]outsider, len(list))
	for _, o := range list {
		switch _, twice := outsiders[o.Peer]; {
		case o.Peer == "":
			return errors.New("peer: Outsiders: an entry without a peer's id")
		case o.Peer == c.o.Self:
			return errors.New("peer: Outsiders: the peer itself is no outsider")
		case twice:
			return fmt.Errorf("peer: Outsiders: %s is there twice: give one entry with all its models", o.Peer)
		}
		models := make(map[lcc.Digest]bool, len(o.Models))
		for _, digest := range o.Models {
			models[digest] = true
		}
		outsiders[o.Peer] = outsider{models, o.Why}
	}
	c.players.outsiders = outsiders
	c.players.changed()
	return c.playersChanged()
}

// refusesModel is the refusal of a message from or to an outsider whose model
// does not count; false where it does.
func (c *Core) refusesModel(id lcc.PeerID, model lcc.Digest) (lcc.Reason, bool) {
	if c.players.accepts(id, model) {
		return lcc.Reason{}, false
	}
	detail := c.players.outsiders[id].why
	if detail == "" {
		detail = "the two peers share other models only"
	}
	return lcc.Reason{Code: lcc.ReasonRefused, Detail: detail}, true
}
