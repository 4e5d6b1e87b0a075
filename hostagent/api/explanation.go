package api

import "time"

// Explanation says why a guest moved or stays, or how it stands with a host.
// Facts are what is so now, Story what came before, oldest first.
type Explanation struct {
	Kind  string   `json:"kind"` // guest, host or policy
	Name  string   `json:"name"`
	Facts []Fact   `json:"facts"`
	Story []Moment `json:"story"`
}

// Fact is one thing that is so: a stable code and its values. Package wording says it
// in English; the template of a code there shows which values it has.
type Fact struct {
	Code   string         `json:"code"`
	Values map[string]any `json:"values,omitempty"`
}

// Moment is one thing that happened.
type Moment struct {
	At   time.Time `json:"at"`
	Deal string    `json:"deal,omitempty"`
	Fact
}
