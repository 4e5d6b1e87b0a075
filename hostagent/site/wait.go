package site

import "time"

// Wait is the event at which a model waits on a host: of several, the one that says most about
// why the model does nothing now.
type Wait struct {
	File   string `json:"file"`             // of the line: the model's, or a library of it
	Policy string `json:"policy,omitempty"` // "": the model is a file of the host
	Line   int    `json:"line"`             // of the event
	Role   string `json:"role"`             // that is played
	Event  string `json:"event"`            // as the text has it
	// For is constraint, message, time, action, partner or change.
	For string `json:"for"`
	Why string `json:"why"`
	// Lacks is the comparison that does not hold, as the text has it, and Values the same with its
	// values; "": no comparison decided.
	Lacks  string    `json:"lacks,omitempty"`
	Values string    `json:"values,omitempty"`
	At     time.Time `json:"at"` // of the look
	// Grounds are the facts and answers that the values come from.
	Grounds []Ground `json:"grounds,omitempty"`
}
