package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a fault of a text.
type Error struct {
	Position
	Message string // what was found and what was expected
	Hint    string // what to write instead; "" where there is none
}

// Error is the fault on one line: file:line:column: message.
func (e *Error) Error() string {
	line := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Hint != "" {
		line += " (" + e.Hint + ")"
	}
	return line
}

// Snippet returns the line of the text that a position is on, with a caret
// under its column; "" where the text has no such line.
func Snippet(text []byte, at Position) string {
	if at.Offset < 0 || at.Offset > len(text) || at.Line == 0 {
		return ""
	}
	start := strings.LastIndexByte(string(text[:at.Offset]), '\n') + 1
	line := string(text[start:])
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	line = strings.TrimRight(line, "\r")
	if !utf8.ValidString(line) {
		return ""
	}
	// Tabs stay tabs, so that the caret stands under its column.
	var indent strings.Builder
	column := 1
	for _, r := range line {
		if column >= at.Column {
			break
		}
		if r == '\t' {
			indent.WriteByte('\t')
		} else {
			indent.WriteByte(' ')
		}
		column++
	}
	return "  " + line + "\n  " + indent.String() + "^"
}
