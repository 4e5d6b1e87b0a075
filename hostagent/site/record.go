package site

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley/lcc"
)

// What a host can be asked of its past.
const (
	PastLoads  = "loads"  // what its guests used
	PastDeals  = "deals"  // which of its guests moved by a deal
	PastModels = "models" // what it enacts now, and how it is tuned
)

// PastQuestion asks a host for a part of its past: what began in this time. An answer has a
// bounded size, and says how to ask for the rest.
type PastQuestion struct {
	Of    string    `json:"of"` // PastLoads, PastDeals or PastModels
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	Skip  int       `json:"skip,omitempty"` // frames that begin at Since, and that are known already
}

// Validate returns what is wrong with a question.
func (q PastQuestion) Validate() error {
	switch {
	case q.Of != PastLoads && q.Of != PastDeals && q.Of != PastModels:
		return fmt.Errorf("there is no past of %.40q: ask for %s, %s or %s", q.Of, PastLoads, PastDeals, PastModels)
	case q.Skip < 0:
		return fmt.Errorf("skip is %d: give 0 or more", q.Skip)
	case q.Until.Before(q.Since):
		return fmt.Errorf("the time until %s is before the time since %s", q.Until.Format(time.RFC3339), q.Since.Format(time.RFC3339))
	}
	return nil
}

// PastAnswer is a part of the past of a host.
type PastAnswer struct {
	Kept   bool          `json:"kept"`             // the host keeps what its guests use
	Blocks []byte        `json:"blocks,omitempty"` // frames of package past
	Deals  []PastDeal    `json:"deals,omitempty"`
	Models []PastModel   `json:"models,omitempty"`
	Tuning string        `json:"tuning,omitempty"` // the keys of its configuration that the core uses, as JSON
	Next   *PastQuestion `json:"next,omitempty"`   // asks for what did not fit
}

// PastDeal is a deal by which a guest moved. Hosts are named by their peer ids.
type PastDeal struct {
	At       time.Time     `json:"at"` // when it was done
	Deal     string        `json:"deal"`
	Guest    string        `json:"guest"`
	Name     string        `json:"name,omitempty"`
	Source   string        `json:"source"`
	Target   string        `json:"target"`
	Operator bool          `json:"operator,omitempty"`
	Drain    bool          `json:"drain,omitempty"`
	Total    time.Duration `json:"total_ns,omitempty"`
	Downtime time.Duration `json:"downtime_ns,omitempty"`
	Bytes    int64         `json:"bytes,omitempty"`
}

// PastModel is a model with its text.
type PastModel struct {
	Name   string   `json:"name"`
	Digest string   `json:"digest"`
	Text   string   `json:"text"`
	Refuse []string `json:"refuse,omitempty"` // roles that the host never plays
}

// Past asks one host for a part of its past.
func (a *Asker) Past(ctx context.Context, host lcc.PeerID, q PastQuestion) (answer PastAnswer, err error) {
	text, err := json.Marshal(Question{Past: &q})
	if err != nil {
		return answer, err
	}
	data, err := a.Network.Look(ctx, host, text)
	if err != nil {
		if strings.Contains(err.Error(), notUnderstood) {
			return answer, fmt.Errorf("its agent is older and is not asked for its past: upgrade it")
		}
		return answer, err
	}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&answer); err != nil {
		return answer, fmt.Errorf("its answer is malformed: %w", err)
	}
	return answer, nil
}

// After says whether a question continues another one, so that who follows Next comes to
// an end.
func (q PastQuestion) After(before PastQuestion) bool {
	if q.Of != before.Of {
		return false
	}
	if q.Of == PastDeals { // the latest are first
		return q.Until.Before(before.Until)
	}
	return q.Since.After(before.Since) || q.Since.Equal(before.Since) && q.Skip > before.Skip
}
