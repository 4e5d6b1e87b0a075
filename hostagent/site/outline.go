package site

import "time"

// Outline says what happened in each step of a time, in brief.
type Outline struct {
	Step       int   `json:"step_seconds"`
	Overloaded []int `json:"overloaded"` // hosts above their capacity
	Moves      []int `json:"moves"`      // that were done
}

// Omitted is what a recording does not tell of the time up to a moment.
type Omitted struct {
	Deals  int       `json:"deals,omitempty"`          // that have ended before those that are told
	Unkept time.Time `json:"messages_unkept,omitzero"` // messages from then on are not kept; absent: all are
}
