// Package store keeps what became of deals, what operators ordered and what
// other hosts signed, in a bbolt file, for people who ask later.
//
// Nothing depends on it: deals are settled by the journal and the platforms. So
// it never holds anything up (Add drops what does not fit into its queue, and
// counts it), and a file that is damaged is moved aside and made anew from the
// journal, as far as that goes.
//
// Entries are kept in streams: orders, deals of this host's own, policies, and one
// for each other host, of what it said and the deals that it began here. Each stream
// has its share of the entries and bytes that are kept; whoever says much pushes out
// its own entries first. Within a stream each entry holds the hash of the one before,
// and what is forgotten leaves its hash behind. Each commit ends with a checkpoint, the
// hash of where all streams stand, signed with the host's key; a copy of it lies in
// a file beside the audit. Store.Verify and VerifyFile say where an entry is missing,
// changed or in another place.
//
// What that does not show: whoever has the host's key can write an audit anew as a
// whole, and its checkpoint; whoever puts back older copies of the audit and of the
// checkpoint file together hides what came after them. Against both a checkpoint
// that is kept elsewhere helps (the log tells them).
package store
