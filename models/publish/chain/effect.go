package chain

import (
	"time"

	"parley/models/publish/bundle"
)

// Effect is what a driver does.
type Effect interface{ effect() }

// Pull asks a peer for the releases that follow a version, the oldest first, as many as
// it likes, at most 32. It is answered by Pulled; without an answer for 30 s it counts as failed.
type Pull struct {
	From  string
	After uint64
}

// Fetch asks a peer for an object. It is answered by Fetched; without an answer for
// 30 s it counts as failed.
type Fetch struct {
	From string
	Ref  bundle.Ref
}

// Keep makes durable: first the release, under its version, where there is one, then
// the state, in the place of the one before. Kept answers it. There is one at a time.
type Keep struct {
	State   []byte
	Release *bundle.Signed // nil: the same as before
	Version uint64         // of the chain
}

// Objects keeps an object on disk, before any Keep that follows.
type Objects struct {
	Digest bundle.Digest
	Data   []byte
}

// Roster is in force from now on.
type Roster struct{ Roster bundle.Roster }

// Check asks whether this host may and can enact a policy: whether its files parse,
// are sound, ask what this host can answer, are accepted by its configuration and
// pass a dry run. Checked answers it.
type Check struct{ Text }

// Text is a policy with its files, all of them.
type Text struct {
	Policy bundle.Policy
	Files  map[string][]byte // by path
}

// Switch has exactly these policies enacted, none other: as soon as the negotiations
// under way have ended. Switched answers it; there is one at a time.
type Switch struct{ Policies []Text } // by name

// Hold begins no new negotiation and no new deal under this publisher's policies; Why
// "" ends that.
type Hold struct{ Why string }

// Spread publishes a notice by gossip.
type Spread struct{ Notice bundle.Notice }

// Refused says that something was not believed or not enacted. Version 0: it is not
// known.
type Refused struct {
	From    string // "": the operator's, or this host's own decision
	Code    bundle.Code
	Detail  string
	Version uint64
}

// Blame says that a peer sent what no honest peer sends.
type Blame struct {
	From string
	Code bundle.Code
}

// Note is for the history and the log.
type Note struct {
	Kind string
	Text string
}

// The kinds of notes.
const (
	NoteRelease = "release" // one is in force
	NoteRoster  = "roster"  // who came, who went
	NotePolicy  = "policy"  // in force, on trial, refused, halted, off
	NoteExpired = "expired" // the release in force, or no longer
	NoteStale   = "stale"   // nothing was heard of the publisher
	NoteFresh   = "fresh"   // it was heard of again
	NoteAlarm   = "alarm"   // a person must look
)

// Alarm wants Woken at a moment; the zero time: no longer. It replaces the one before.
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
