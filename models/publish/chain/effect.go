package chain

import (
	"time"

	"parley/models/publish/bundle"
)

// Effect is a request to the driver.
type Effect interface{ effect() }

// Pull asks a peer for the releases after a version, oldest first, at most 32. Pulled
// answers it; after 30 s without an answer it counts as failed.
type Pull struct {
	From  string
	After uint64
}

// Fetch asks a peer for an object. Fetched answers it; after 30 s without an answer it
// counts as failed.
type Fetch struct {
	From string
	Ref  bundle.Ref
}

// Keep makes durable first the release, if any, under its version, and then the state,
// which replaces the previous one. Kept answers it. At most one is pending.
type Keep struct {
	State   []byte
	Release *bundle.Signed // nil: unchanged
	Version uint64         // of the chain
}

// Objects stores an object on disk, before any later Keep.
type Objects struct {
	Digest bundle.Digest
	Data   []byte
}

// Roster puts a roster in force.
type Roster struct{ Roster bundle.Roster }

// Check asks whether this host may and can enact a policy: whether its files parse,
// pass the checker, need only what this host can answer, are accepted by its
// configuration and pass a dry run. Checked answers it.
type Check struct{ Text }

// Text is a policy with all its files.
type Text struct {
	Policy bundle.Policy
	Files  map[string][]byte // by path
}

// Switch makes the host enact exactly these policies, at the end of the running
// negotiations. Switched answers it; at most one is pending.
type Switch struct{ Policies []Text } // by name

// Hold suspends new negotiations and deals under this publisher's policies; Why "" ends
// that.
type Hold struct{ Why string }

// Spread publishes a notice by gossip.
type Spread struct{ Notice bundle.Notice }

// Refused says that something was not accepted or not enacted. Version 0: unknown.
type Refused struct {
	From    string // "": the operator, or this host's own decision
	Code    bundle.Code
	Detail  string
	Version uint64
}

// Blame says that a peer sent what no honest peer sends.
type Blame struct {
	From string
	Code bundle.Code
}

// Note is an entry for history and log.
type Note struct {
	Kind string
	Text string
}

// The kinds of notes.
const (
	NoteRelease = "release" // a release is in force
	NoteRoster  = "roster"  // hosts were added or removed
	NotePolicy  = "policy"  // a policy is in force, on trial, refused, halted, or off
	NoteExpired = "expired" // the release in force has expired, or no longer
	NoteStale   = "stale"   // no heartbeat of the publisher
	NoteFresh   = "fresh"   // heartbeats have returned
	NoteAlarm   = "alarm"   // the operator must look
)

// Alarm requests Woken at a moment; the zero time cancels it. It replaces an earlier
// one.
type Alarm struct{ At time.Time }

func (Pull) effect()    {}
func (Fetch) effect()   {}
func (Keep) effect()    {}
func (Objects) effect() {}
func (Roster) effect()  {}
func (Check) effect()   {}
func (Switch) effect()  {}
func (Hold) effect()    {}
func (Spread) effect()  {}
func (Refused) effect() {}
func (Blame) effect()   {}
func (Note) effect()    {}
func (Alarm) effect()   {}
