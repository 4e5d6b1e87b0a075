// Package follow has a host follow the chains of publishers: it drives one
// chain.Follower for each, with a disk, a clock and a network.
//
// One goroutine, the loop in follow.go, owns the followers and the files. What takes
// long is done elsewhere: questions to other hosts by a goroutine each, switching to
// another policy by the daemon, which says when it is done. What other hosts ask is
// answered from the files, whose names are digests and versions of our own making:
// nothing that a publisher or a peer says becomes a name.
//
// Notices that come by gossip are looked at by the network before it passes them on.
// Validate says then whether they are worth it, from a copy of what the followers
// stand at, and hands what is news to the loop.
package follow
