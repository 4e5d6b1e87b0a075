// Package libp2p carries the frames and adverts of a peer.Core over a network
// of go-libp2p hosts, and notices and questions of whoever drives it.
//
// Roster. Who may connect is an explicit list of peer ids, held against both
// directions by a connection gater: addresses can be learnt, identities cannot.
// It may be replaced at any time; who is no longer on it is cut off at once.
// Every limit of libp2p follows its size.
//
// Links. A link is a connection and an outgoing stream, with a bounded queue of
// frames; what cannot be queued or written is handed back as peer.SendFailed. A
// host keeps links to at most some 32 others: neighbours on a ring of its
// group's hashed ids, and a few across it and beyond it, so that all links
// together are one network. The others are connected when there is something to
// say. A peer counts as connected only when it answered the application's hello
// on that stream: a dial that the other side's gater refuses can look
// successful.
//
// Gossip. GossipSub, strictly signed, with validators and peer scores: adverts
// on a topic for each group, and notices, which all hosts hear, of what the
// driver has to say and of addresses that changed. Whatever is larger is asked
// for: one question and one answer on a stream of their own.
//
// Conduct. What a peer does wrong is counted by kind and weighed. Weights fade;
// who passes a ban's is disconnected, and kept out for a while. More than its
// share is not taken of anybody: frames wait, gossip is dropped, questions are
// answered with ErrBusy.
//
// Relay, hole punching, AutoNAT and a DHT are off.
package libp2p
