package peer

import "parley/lcc"

// Frame is what two peers exchange. Exactly one of its pointers is set. Incarnation is
// that of the sender (Advert.Incarnation).
type Frame struct {
	Incarnation uint64
	Message     *lcc.Message // a message of a model
	Receipt     *Receipt     // what became of one
	Host        *Host        // between two host agents, below the models
}

// Receipt tells the sender of a message what became of it. There is one for
// each message: taken by an agent or waiting in its mailbox (Reason.Code ""),
// and later, if it comes back from the mailbox, or at once, the reason why not.
type Receipt struct {
	Message lcc.MessageID
	Reason  lcc.Reason
}

// Host carries a message between host agents. This package does not look
// inside.
type Host struct {
	Payload []byte
}

// Advert tells a peer's group which roles it plays. A newer one (greater
// Incarnation, then greater Seq) replaces an older one whole.
type Advert struct {
	Peer        lcc.PeerID
	Incarnation uint64 // when the peer's process began, Unix nanoseconds
	Seq         uint64
	Plays       []Play
}

// Play is the roles that are played of one model.
type Play struct {
	Model lcc.Digest
	Roles []lcc.Term // ground, sorted
}
