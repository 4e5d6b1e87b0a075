package syntax

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"parley/internal/spell"
)

// reword describes a parser error in terms of the language: what was found, and, from
// the token before it, what was expected.
func reword(err error, item []lexer.Token) *Error {
	last := item[len(item)-1]
	var unexpected *participle.UnexpectedTokenError
	if errors.As(err, &unexpected) {
		return misplaced(unexpected.Unexpected, item)
	}
	var fault participle.Error
	if errors.As(err, &fault) && fault.Position().Line > 0 {
		return &Error{Position: position(fault.Position()), Message: fault.Message()}
	}
	return at(last, err.Error(), "")
}

// misplaced reports a token that is not allowed at its position.
func misplaced(found lexer.Token, item []lexer.Token) *Error {
	last := item[len(item)-1]
	if found.EOF() {
		if last.Value == ")" || last.Value == "]" || last.Type == symIdent {
			return at(last, fmt.Sprintf("after %q the item breaks off", last.Value), `a clause has "::" after its head, a fact ends with "."`)
		}
		return at(last, fmt.Sprintf("the text breaks off after %q: expected %s", last.Value, expectedAfter(last)), "")
	}
	for i := 1; i < len(item); i++ {
		if item[i].Pos.Offset == found.Pos.Offset && item[i].Value == found.Value {
			if joins(found) && endsOperand(item[i-1]) && i+1 < len(item) && endsEvent(item[i+1]) { // the word may stand here
				found = item[i+1]
				return at(found, fmt.Sprintf("found %q, expected an event after %q", found.Value, item[i].Value),
					hintFor(item[i], found, item[i+2:]))
			}
			message := fmt.Sprintf("found %q, expected %s", found.Value, expectedAfter(item[i-1]))
			return at(found, message, hintFor(item[i-1], found, item[i+1:]))
		}
	}
	return at(found, fmt.Sprintf("found %q, expected the beginning of a clause, a fact or a rule", found.Value), hintFor(found, found, nil))
}

// expectedAfter says what may follow a token.
func expectedAfter(t lexer.Token) string {
	switch t.Type {
	case symIf:
		return "a constraint"
	case symOut, symIn:
		return "an agent such as a(seller, S)"
	case symDefine:
		return "what the role does"
	}
	switch {
	case endsOperand(t):
		return `"then", "or", "par", an arrow, a comma or the end of the clause`
	case t.Value == ".":
		return "the next clause"
	case t.Value == "@":
		return "the name of an annotation"
	case joins(t):
		return "an event"
	}
	return "a term, a constraint or an event"
}

// joins reports whether a token joins two events.
func joins(t lexer.Token) bool { return t.Value == "then" || t.Value == "or" || t.Value == "par" }

// endsEvent reports whether a token can stand behind an event, and begin none.
func endsEvent(t lexer.Token) bool {
	return t.Type == symPunct && strings.Contains(").],", t.Value) || joins(t)
}

// infix are words that stand between two terms, and what to write instead of a call.
var infix = map[string]string{
	"in":  "write A in L, or member(A, L)",
	"is":  "write X is 1 + 2",
	"mod": "write X mod 2",
	"and": "write it between two constraints: p(X) and q(X)",
}

// ofTwo reports whether tokens begin with parentheses around two arguments or more.
func ofTwo(list []lexer.Token) bool {
	depth := 0
	for _, t := range list {
		switch t.Value {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		case ",":
			if depth == 1 {
				return true
			}
		}
		if depth == 0 {
			return false
		}
	}
	return false
}

// hintFor guesses the intention behind an unexpected token; after are the tokens behind it.
func hintFor(before, found lexer.Token, after []lexer.Token) string {
	word := ""
	if found.Type == symIdent {
		word = spell.Nearest(found.Value, []string{"then", "or", "par"})
	}
	switch {
	case before.Value == "A" && found.Value == "(":
		return "a clause begins with a small letter: a(Role, Id) ::"
	case found.Value == "(" && (before.Type == symVar || before.Type == symWildcard):
		name := strings.TrimLeft(before.Value, "_")
		name = strings.ToLower(name[:min(1, len(name))]) + name[min(1, len(name)):]
		return fmt.Sprintf("a name before a parenthesis begins with a small letter: %s(...), or '%s'(...)", name, before.Value)
	case before.Value == "&" && found.Value == "&":
		return `write "and"`
	case found.Value == "|":
		return `write "or" between events, and ";" between constraints`
	case joins(found) && joins(before):
		return "one of the two words is too many"
	case before.Value == "==" && found.Value == ">":
		return `"=>" sends to an agent`
	case !endsOperand(before) && infix[found.Value] != "" && ofTwo(after):
		return infix[found.Value]
	case words[found.Value] && !endsOperand(before):
		return fmt.Sprintf("%q is a word of the language: as a name it stands in quotes, '%s'", found.Value, found.Value)
	case word != "" && endsOperand(before):
		return "did you mean " + word + "?"
	case found.Value == "-" && len(after) > 0 && after[0].Value == ">", before.Value == "-" && found.Value == ">":
		return `"->" is no arrow: "=>" sends to an agent`
	case found.Type == symDefine:
		return `a clause begins with a(Role, Id) "::"`
	case found.Type == symIn:
		return `"<=" is a receive; less-or-equal is "=<"`
	case found.Type == symIf:
		return `"<-" is an arrow; for a comparison with a negative number write a space: X < -1`
	case endsOperand(before) && (endsOperand(found) || found.Value == "(" || found.Value == "not") && found.Value != ")" && found.Value != "]":
		return `is "then" missing before it, or "." after the clause above?`
	}
	return ""
}
