// Package bundle defines the messages from a publisher to hosts, their signatures, and
// how both are checked. It does no networking and follows no chain (package
// models/publish/chain does).
//
// A publisher keeps one chain of releases, numbered from 1. A Release has the digest of
// the previous one and names everything in force: the roster of hosts, the policies
// with the digest of every file, the expiry, and the new Root when the keys change. It
// is signed by as many keys as the current root demands (Signed); it refers to objects
// by their digests. So roster and policies are always from the same release, and a host
// with the latest release can take everything else from any peer.
//
// A host pins an Anchor: the publisher's name, a root, and a position in the chain.
// Anchor.Next is the only way forward, one release at a time, and returns the next
// Anchor. A rejection is a *Refusal with a code.
//
// A publisher also sends heartbeats, and a host may halt a policy on trial; both, and
// the latest release, are sent as a Notice, which is small enough for gossip. An
// Archive is a whole chain with its objects in one file.
//
// Encodings are deterministic CBOR, decoded strictly: an unknown or duplicate field, an
// excessive length, or non-canonical bytes are rejected. A signed text begins with its
// purpose, so a signature cannot be reused for another purpose.
//
// A policy from a local file has none of this: Load reads it as a sorted set of files
// with one digest.
package bundle
