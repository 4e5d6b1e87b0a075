// Package follow makes a host follow the chains of publishers: it drives one
// chain.Follower for each, with a disk, a clock and a network.
//
// One goroutine, the loop in follow.go, owns the followers and the files. Slow work is
// done elsewhere: each question to another host in a goroutine, the switch to another
// policy by the daemon, which reports when it is done. Questions of other hosts are
// answered from the files. File names are digests and versions that this host computes;
// no publisher or peer chooses a file name.
//
// The network validates gossip notices before it forwards them. Validate judges them
// with a snapshot of the followers' positions, and passes news to the loop.
package follow
