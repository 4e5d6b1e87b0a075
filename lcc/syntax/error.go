package syntax

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a fault of a text.
type Error struct {
	Position
	Message string // what was found and what was expected
	Hint    string // what to write instead; "" when there is none
}

// Error returns the fault on one line: file:line:column: message.
func (e *Error) Error() string {
	line := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Hint != "" {
		line += " (" + e.Hint + ")"
	}
	return line
}

// snippetSide is the number of characters shown on either side of a position in a long
// line.
const snippetSide = 60

// Snippet returns the source line of a position, with a caret under its column; "" when
// the text has no such line. From a long line it shows the part around the column.
func Snippet(text []byte, at Position) string {
	if at.Offset < 0 || at.Offset > len(text) || at.Line == 0 {
		return ""
	}
	start := bytes.LastIndexByte(text[:at.Offset], '\n') + 1
	line := text[start:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	line = bytes.TrimRight(line, "\r")
	if !utf8.Valid(line) {
		return ""
	}
	runes := []rune(string(line))
	column := min(max(at.Column-1, 0), len(runes))
	before, after := "", ""
	if end := column + snippetSide; end < len(runes) {
		runes, after = runes[:end], "..."
	}
	if begin := column - snippetSide; begin > 0 {
		runes, before, column = runes[begin:], "...", snippetSide
	}
	// Tabs stay tabs, so that the caret is under its column.
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, before+string(runes[:column]))
	return "  " + before + string(runes) + after + "\n  " + indent + "^"
}
