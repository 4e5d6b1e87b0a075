// Package store keeps the history of deals, the orders of operators and the payloads
// that other hosts signed, in a bbolt file, for later questions.
//
// Nothing depends on it: deals are settled by the journal and the platforms. So it
// never delays anything (Add drops and counts what does not fit into its queue), and a
// damaged file is moved aside and rebuilt from the journal as far as possible.
//
// Entries are kept in streams: orders, this host's own deals, policies, and one for
// each other host, with its payloads and the deals that it began here. Each stream has
// a share of the stored entries and bytes; a host that sends much displaces its own
// entries first. Within a stream each entry has the hash of the previous one, and a
// dropped entry leaves its hash. Each commit ends with a checkpoint, the hash of the
// state of all streams, signed with the host's key; a copy of it is in a file beside
// the audit. Store.Verify and VerifyFile report where an entry is missing, changed or
// moved.
//
// This does not detect two attacks: the owner of the host's key can rewrite a whole
// audit and its checkpoint; and restoring older copies of the audit and of the
// checkpoint file together hides what came after them. A checkpoint that is stored
// elsewhere detects both (the log contains the checkpoints).
package store
