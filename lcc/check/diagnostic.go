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
	Hint     string // what to write instead; "" when the message says it
	// Missing is what the text does not have, of a finding about that.
	Missing Missing
	// Trace is a shortest path to the fault, one step per line; "" when the position
	// says it all.
	Trace string
}

// Missing is a role or a constraint that a text uses and does not have.
type Missing struct {
	Role  bool
	Name  string
	Arity int
}

// Severity is the weight of a finding. An Error keeps a model from running.
type Severity byte

// The severities, most severe first.
const (
	Error Severity = iota
	Warning
	Info
)

func (s Severity) String() string { return [...]string{"error", "warning", "info"}[s] }

// String returns the finding on one line: file:line:column: severity code: message.
func (d Diagnostic) String() string {
	line := fmt.Sprintf("%s:%d:%d: %s %s: %s", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Severity, d.Code, d.Message)
	if d.Hint != "" {
		line += " (" + d.Hint + ")"
	}
	return line
}

// Text returns the finding with the source line, a caret under the position, and the
// hint.
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

// DiagnoseSyntax converts the parser's errors to findings.
func DiagnoseSyntax(errs []*syntax.Error) (list []Diagnostic) {
	for _, err := range errs {
		list = append(list, Diagnostic{Code: codeSyntax, Severity: Error, Pos: err.Position, Message: err.Message, Hint: err.Hint})
	}
	return list
}

// Sort sorts findings into text order.
func Sort(list []Diagnostic) {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Pos.Offset != b.Pos.Offset {
			return a.Pos.Offset < b.Pos.Offset
		}
		return a.Code < b.Code
	})
}
