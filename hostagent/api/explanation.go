package api

import "time"

// Explanation says why a guest moved or stays, or how it stands with a host.
// Facts are what is so now, Story what came before, oldest first.
type Explanation struct {
	Kind  string   `json:"kind"` // guest, host or policy
	Name  string   `json:"name"`
	Facts []string `json:"facts"`
	Story []Moment `json:"story"`
}

// Moment is one thing that happened.
type Moment struct {
	At   time.Time `json:"at"`
	Deal string    `json:"deal,omitempty"`
	Text string    `json:"text"`
}
