package peer

import (
	"bytes"

	"parley/lcc"
)

// Frame is the unit that two peers exchange. Exactly one of its pointers is set.
// Incarnation is that of the sender (Advert.Incarnation).
type Frame struct {
	Incarnation uint64
	Message     *lcc.Message // a message of a model
	Receipt     *Receipt     // for an earlier message
	Host        *Host        // between two host agents, below the models
}

// Receipt reports the outcome of a message to its sender. Each message gets one at
// once: Reason.Code is "" when an agent took it or it waits in a mailbox, and otherwise
// says why not. A message bounced from a mailbox later gets a second one.
type Receipt struct {
	Message lcc.MessageID
	Reason  lcc.Reason
}

// Host carries a message between host agents. It is opaque to this package.
type Host struct {
	Payload []byte
}

// Advert tells a peer's group which roles the peer plays. A newer advert (greater Incarnation,
// then greater Seq) replaces an older one completely.
type Advert struct {
	Peer        lcc.PeerID
	Incarnation uint64 // the peer's incarnation (Options.Incarnation)
	Seq         uint64
	Plays       []Play
	// Host is what the host tells the group's hosts of itself, opaque to this package; empty:
	// nothing.
	Host []byte
}

// Repeats says whether an advert says what an earlier one of the same peer said.
func (a Advert) Repeats(before Advert) bool {
	return a.Peer == before.Peer && a.Incarnation == before.Incarnation && samePlays(a.Plays, before.Plays) &&
		bytes.Equal(a.Host, before.Host)
}

// Play lists the played roles of one model.
type Play struct {
	Model lcc.Digest
	Roles []lcc.Term // ground, sorted
}
