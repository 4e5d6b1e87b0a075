// Package libp2p carries the frames and adverts of a peer.Core over a network
// of go-libp2p hosts.
//
// Who may connect is an explicit list of peer ids, held against both
// directions by a connection gater: addresses can be learnt, identities
// cannot. Every listed peer has one goroutine that keeps a connection and an
// outgoing stream to it, with a bounded queue of frames; what cannot be queued
// or written is handed back as peer.SendFailed at once. A peer counts as
// connected only when it answered the application's hello on that stream: a
// dial that the other side's gater refuses can look successful.
//
// Adverts travel over GossipSub, signed, on one topic for each group, with
// validators and peer scores. Relay, hole punching, AutoNAT and a DHT are off.
package libp2p
