// Package audit describes what an agent keeps for people who ask later. Package store
// keeps it in a file.
package audit

import (
	"encoding/json"
	"time"
)

// Entry is one thing that happened. Kind is deal (a deal came to a state),
// signed (another host bound itself; Data is what it said, with its signature),
// order (an operator ordered something), policy (one came into force or was refused)
// or audit (what was found wrong with the audit itself).
type Entry struct {
	At       time.Time     `json:"at"`
	Kind     string        `json:"kind"`
	Deal     string        `json:"deal,omitempty"` // also the trace id
	Guest    string        `json:"guest,omitempty"`
	Name     string        `json:"name,omitempty"` // the guest's
	Source   string        `json:"source,omitempty"`
	Target   string        `json:"target,omitempty"`
	Side     string        `json:"side,omitempty"`
	State    string        `json:"state,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Code     string        `json:"code,omitempty"` // of the reason, stable
	Operator bool          `json:"operator,omitempty"`
	By       string        `json:"by,omitempty"`   // who gave an order, for people
	UID      *uint32       `json:"uid,omitempty"`  // of who gave an order
	PID      int32         `json:"pid,omitempty"`  // of the process that gave it
	Load     float64       `json:"load,omitempty"` // of this host, share
	Total    time.Duration `json:"total_ns,omitempty"`
	Downtime time.Duration `json:"downtime_ns,omitempty"`
	Bytes    int64         `json:"bytes,omitempty"`
	Ended    bool          `json:"ended,omitempty"` // the state is an end
	Data     []byte        `json:"data,omitempty"`
}

// Filter says which entries are wanted. A zero field lets all pass.
type Filter struct {
	Guest string // id or name
	Host  string // source or target
	Deal  string
	State string
	Kind  string
	Ended bool // only deals' ends
	Since time.Time
	Until time.Time
	Limit int // default 100
}

// Passes says whether an entry is wanted.
func (f Filter) Passes(e Entry) bool {
	return (f.Guest == "" || e.Guest == f.Guest || e.Name == f.Guest) &&
		(f.Host == "" || e.Source == f.Host || e.Target == f.Host) &&
		(f.Deal == "" || e.Deal == f.Deal) &&
		(f.State == "" || e.State == f.State) &&
		(f.Kind == "" || e.Kind == f.Kind) &&
		(!f.Ended || e.Ended) &&
		(f.Since.IsZero() || !e.At.Before(f.Since)) &&
		(f.Until.IsZero() || !e.At.After(f.Until))
}

// Report says whether an audit holds together.
type Report struct {
	Entries    int         `json:"entries"`
	Forgotten  uint64      `json:"forgotten"` // for their number or age
	Streams    int         `json:"streams"`
	Checkpoint *Checkpoint `json:"checkpoint,omitempty"`
	Faults     []string    `json:"faults"`
}

// Checkpoint says where all streams stood, signed by the host.
type Checkpoint struct {
	Host      string    `json:"host,omitempty"`
	At        time.Time `json:"at"`
	Seq       uint64    `json:"seq"`    // of the last entry
	Digest    []byte    `json:"digest"` // of the heads of all streams
	Signature []byte    `json:"signature,omitempty"`
}

// SignedText is what a checkpoint's signature is of.
func (p Checkpoint) SignedText() ([]byte, error) {
	p.Signature = nil
	data, err := json.Marshal(p)
	return append([]byte("parley audit checkpoint 1\x00"), data...), err
}
