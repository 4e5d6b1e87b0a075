package site

import (
	"slices"
	"time"
)

// Said is one line of the transcript of a deal.
type Said struct {
	At    time.Time `json:"at"`
	Host  string    `json:"host"`
	With  string    `json:"with,omitempty"`
	Kind  string    `json:"kind"` // message, solve, solved or failed
	Role  string    `json:"role"`
	Term  string    `json:"term"`
	Model string    `json:"model"`
	Line  int       `json:"line"`
	// Grounds are what a message depended on, as its sender tells it.
	Grounds []Ground `json:"grounds,omitempty"`
}

// Transcript merges what both ends say. A message is shown once, as its sender tells it.
func (s Story) Transcript() (lines []Said) {
	sent := map[string]int{}
	for _, end := range s.Ends {
		for _, l := range end.Talk {
			if l.Kind == "send" {
				sent[end.Host+"\x00"+l.With+"\x00"+l.Term]++
			}
		}
	}
	for _, end := range s.Ends {
		for _, l := range end.Talk {
			one := Said{
				At: l.At, Host: end.Host, With: l.With, Kind: l.Kind, Role: l.Role, Term: l.Term, Model: l.Model, Line: l.Line, Grounds: l.Grounds,
			}
			switch l.Kind {
			case "send":
				one.Kind = "message"
			case "receive":
				if key := l.With + "\x00" + end.Host + "\x00" + l.Term; sent[key] > 0 {
					sent[key]--
					continue
				}
				one.Kind, one.Host, one.With, one.Role = "message", l.With, end.Host, ""
			}
			lines = append(lines, one)
		}
	}
	slices.SortStableFunc(lines, func(a, b Said) int { return a.At.Compare(b.At) })
	return lines
}
