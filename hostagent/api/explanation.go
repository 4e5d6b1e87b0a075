package api

import "time"

// Explanation says why a guest moved or stays, or the state of a host, a policy or an agent.
// Facts are current, Story is the past, oldest first.
type Explanation struct {
	Kind  string   `json:"kind"` // guest, host, policy or agent
	Name  string   `json:"name"`
	Facts []Fact   `json:"facts"`
	Story []Moment `json:"story"`
}

// Fact is one statement: a stable code and its values. Package wording renders it in
// English; the template of a code there shows its values.
type Fact struct {
	Code   string         `json:"code"`
	Values map[string]any `json:"values,omitempty"`
}

// Moment is one past event.
type Moment struct {
	At   time.Time `json:"at"`
	Deal string    `json:"deal,omitempty"`
	Fact
}
