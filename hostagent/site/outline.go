package site

// Outline says what happened in each step of a time, in brief.
type Outline struct {
	Step       int   `json:"step_seconds"`
	Overloaded []int `json:"overloaded"` // hosts above their capacity
	Moves      []int `json:"moves"`      // that were done
}
