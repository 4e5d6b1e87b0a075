package peer

import (
	"errors"
	"fmt"

	"parley/lcc"
)

// This file restricts peers of other owners to what both owners agreed on: their hosts
// may negotiate with ours only by the models that both publish.

// Outsider is a peer of which only some models count.
type Outsider struct {
	Peer   lcc.PeerID
	Models []lcc.Digest
	Why    string // text of a refusal of another model, for people
}

// outsider is the lookup form of an Outsider.
type outsider struct {
	models map[lcc.Digest]bool
	why    string
}

// accepts reports whether a model of a peer counts.
func (m *matchmaker) accepts(id lcc.PeerID, model lcc.Digest) bool {
	if len(m.outsiders) == 0 {
		return true
	}
	o, known := m.outsiders[id]
	return !known || o.models[model]
}

// setOutsiders replaces the list. Promises to a peer that is now on it are left to the
// ledger; its messages are bounced from now on.
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

// refusesModel returns the refusal of a message from or to an outsider whose model does
// not count; false when the model counts.
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
