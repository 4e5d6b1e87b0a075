// Package bundle has what a publisher says to hosts: its form, its signatures and
// how both are checked. It does no networking and follows no chain (package
// models/publish/chain does).
//
// A publisher keeps one chain of releases, numbered from 1. A Release carries the
// digest of the one before and names all that is in force: the roster of hosts, the
// policies with the digest of every file, when it expires, and the new Root where
// the keys change. It is signed by as many keys as the root in force demands
// (Signed); what it names are objects, found by their digests. So roster and
// policies are never mixed from two moments, and whoever has the latest release can
// take anything else from anybody.
//
// A host pins an Anchor: the publisher's name, a root, and a place in the chain.
// Anchor.Next is the only way forward, one release at a time, and returns the next
// Anchor. What is refused is a *Refusal with a code of its own.
//
// Beside releases a publisher sends heartbeats, and a host halts a policy on trial;
// those and the latest release travel as a Notice, small enough for gossip. An
// Archive is a whole chain with its objects as one file.
//
// Encodings are deterministic CBOR, read strictly: an unknown or doubled field, a
// length that is too great, or bytes that are not the canonical ones are refused.
// A signature is over a text that begins with what it is for, so one is never taken
// for another.
//
// A policy that a host is given as a local file has none of this: Load reads it as a
// sorted set of files with one digest.
package bundle
