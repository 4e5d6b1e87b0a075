// Package libp2p carries the frames and adverts of a peer.Core, and notices and
// questions of its driver, over a network of go-libp2p hosts.
//
// Roster. An explicit list of peer ids says who may connect. A connection gater
// enforces it in both directions: addresses can be learnt, identities cannot. The
// roster may be replaced at any time; a host that is no longer on it is disconnected at
// once. Every limit of libp2p follows the roster's size.
//
// Links. A link is a connection and an outgoing stream, with a bounded queue of frames.
// A frame that cannot be queued or written comes back as peer.SendFailed. A host keeps
// links to at most about 32 others: neighbours on a ring of its group's hashed ids, and
// a few across the ring and in other groups, so that all links form one connected
// network. Other hosts are connected on demand. A peer counts as connected only after
// it answered the application's hello on that stream, because a dial that the other
// side's gater refuses can look successful.
//
// Gossip. GossipSub, strictly signed, with validators and peer scores. There is an
// advert topic for each group, and a topic that all hosts join, for the driver's
// notices and for changed addresses. Larger data is requested: one question and one
// answer on a separate stream.
//
// Conduct. Misbehaviour of a peer is counted by kind and weighed. Scores decay; a peer
// above the limit is disconnected and banned for a while. Above a peer's allowance,
// frames wait, gossip is dropped, and questions are answered with ErrBusy.
//
// Relay, hole punching, AutoNAT and a DHT are off.
package libp2p
