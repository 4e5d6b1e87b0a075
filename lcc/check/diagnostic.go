package check

import (
	"fmt"
	"sort"
	"strings"

	"parley/lcc/syntax"
)

// Diagnostic is a finding about a text. Its Code is stable.
type Diagnostic struct {
	Code     string
	Severity Severity
	Pos      syntax.Position
	Message  string
	Hint     string // what to write instead; "" where the message says it
	// Trace is a shortest way to what was found, one step on a line; "" where
	// the place says it all.
	Trace string
}

// Severity says what a finding means: an Error keeps a model from running.
type Severity byte

// The severities, gravest first.
const (
	Error Severity = iota
	Warning
	Info
)

func (s Severity) String() string { return [...]string{"error", "warning", "info"}[s] }

// String is the finding on one line: file:line:column: severity code: message.
func (d Diagnostic) String() string {
	line := fmt.Sprintf("%s:%d:%d: %s %s: %s", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Severity, d.Code, d.Message)
	if d.Hint != "" {
		line += " (" + d.Hint + ")"
	}
	return line
}

// Text is the finding with the line of the text that it is about, a caret
// under the place, and the hint.
func (d Diagnostic) Text(text []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: %s %s: %s", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Severity, d.Code, d.Message)
	if snippet := syntax.Snippet(text, d.Pos); snippet != "" {
		b.WriteString("\n" + snippet)
	}
	if d.Trace != "" {
		b.WriteString("\n  this way:\n    " + strings.ReplaceAll(d.Trace, "\n", "\n    "))
	}
	if d.Hint != "" {
		b.WriteString("\n  " + d.Hint)
	}
	return b.String()
}

// DiagnoseSyntax makes findings of the parser's errors.
func DiagnoseSyntax(errs []*syntax.Error) (list []Diagnostic) {
	for _, err := range errs {
		list = append(list, Diagnostic{Code: codeSyntax, Severity: Error, Pos: err.Position, Message: err.Message, Hint: err.Hint})
	}
	return list
}

// Sort puts findings into the order of the text.
func Sort(list []Diagnostic) {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Pos.Offset != b.Pos.Offset {
			return a.Pos.Offset < b.Pos.Offset
		}
		return a.Code < b.Code
	})
}
