// Package volume copies a directory tree from a source where it is in use to a target, in
// rounds: while its user runs, each round sends what has changed since the last one; once
// the user stands still, a last round makes both trees the same.
//
// A round goes over any reader and writer of bytes in both directions. The source walks
// its tree and sends what differs from what it knows of the target; for the content of
// files it says first where data are, the target answers with the SHA-256 of its own
// blocks, and only blocks that differ are sent. Names, types, modes, owners, extended
// attributes, times, holes and hard links are the same afterwards; what the target has
// beyond that is removed.
//
// A file that was changed so recently that another change could have the same time is
// looked at again in the next round, as are files that the user has mapped for writing.
//
// Neither side leaves its root: no path goes through a symbolic link or another mount. The
// target believes nothing that the stream says: what exceeds a bound, is malformed or
// would leave the root ends the round with an error.
package volume
