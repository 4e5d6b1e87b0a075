// Package audit describes the history that an agent keeps for later questions. Package
// store keeps it in a file.
package audit

import (
	"encoding/json"
	"strings"
	"time"
)

// Entry is one event. Kind is deal (a deal reached a state), signed (another host sent
// a binding payload; Data is the payload with its signature), outcome (what a move brought was
// measured), order (an operator gave
// an order), policy (a policy came into force or was refused) or audit (a fault in the
// audit itself).
type Entry struct {
	At       time.Time     `json:"at"`
	Kind     string        `json:"kind"`
	Deal     string        `json:"deal,omitempty"` // also the trace id
	Guest    string        `json:"guest,omitempty"`
	Name     string        `json:"name,omitempty"` // of the guest
	Of       string        `json:"guest_kind,omitempty"`
	Source   string        `json:"source,omitempty"`
	Target   string        `json:"target,omitempty"`
	Side     string        `json:"side,omitempty"`
	State    string        `json:"state,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Code     string        `json:"code,omitempty"` // of the reason, stable
	Operator bool          `json:"operator,omitempty"`
	Drain    bool          `json:"drain,omitempty"` // a deal that the drain of its source began
	By       string        `json:"by,omitempty"`    // who gave an order, for display
	UID      *uint32       `json:"uid,omitempty"`   // of the user who gave an order
	PID      int32         `json:"pid,omitempty"`   // of the process that gave it
	Load     float64       `json:"load,omitempty"`  // of this host, share
	Total    time.Duration `json:"total_ns,omitempty"`
	Downtime time.Duration `json:"downtime_ns,omitempty"`
	Bytes    int64         `json:"bytes,omitempty"`
	Stages   []Stage       `json:"stages,omitempty"` // of a move, in their order
	Ended    bool          `json:"ended,omitempty"`  // the state is an end
	// Sequel is what came of a move; in entries of the kind outcome, and in those of deals that
	// are asked for.
	Sequel *Sequel `json:"outcome,omitempty"`
	Data   []byte  `json:"data,omitempty"`
}

// Stage is how long a stage of a move took.
type Stage struct {
	Name string        `json:"name"`
	Took time.Duration `json:"took_ns"`
	// Bytes is what was sent in it; absent for none, and where it is not counted.
	Bytes int64 `json:"bytes,omitempty"`
}

// Filter selects entries. A zero field matches all.
type Filter struct {
	Guest string // id or name
	Host  string // source or target
	Deal  string // the id, or its beginning
	State string
	Kind  string
	Ended bool // only ends of deals
	Since time.Time
	Until time.Time
	Limit int // default 100
}

// Passes says whether an entry matches.
func (f Filter) Passes(e Entry) bool {
	return (f.Guest == "" || e.Guest == f.Guest || e.Name == f.Guest) &&
		(f.Host == "" || e.Source == f.Host || e.Target == f.Host) &&
		strings.HasPrefix(e.Deal, f.Deal) &&
		(f.State == "" || e.State == f.State) &&
		(f.Kind == "" || e.Kind == f.Kind) &&
		(!f.Ended || e.Ended) &&
		(f.Since.IsZero() || !e.At.Before(f.Since)) &&
		(f.Until.IsZero() || !e.At.After(f.Until))
}

// Report is the result of verifying an audit.
type Report struct {
	Entries    int         `json:"entries"`
	Forgotten  uint64      `json:"forgotten"` // dropped because of their number or age
	Streams    int         `json:"streams"`
	Checkpoint *Checkpoint `json:"checkpoint,omitempty"`
	Faults     []string    `json:"faults"`
}

// Checkpoint is the state of all streams, signed by the host.
type Checkpoint struct {
	Host      string    `json:"host,omitempty"`
	At        time.Time `json:"at"`
	Seq       uint64    `json:"seq"`    // of the last entry
	Digest    []byte    `json:"digest"` // of the heads of all streams
	Signature []byte    `json:"signature,omitempty"`
}

// SignedText returns the bytes that a checkpoint's signature covers.
func (p Checkpoint) SignedText() ([]byte, error) {
	p.Signature = nil
	data, err := json.Marshal(p)
	return append([]byte("parley audit checkpoint 1\x00"), data...), err
}
