package syntax

import (
	"fmt"

	"github.com/alecthomas/participle/v2/lexer"
)

// Limits of a text (docs/language.md). Nesting counts parentheses, brackets, and chains
// of "not" and of minus signs: everything that makes a parser of this grammar recurse.
const (
	TextBytes = 64 << 10
	Nesting   = 128
	Nodes     = 20_000
)

// bounds checks, on the tokens, everything that would make a parser recurse or a tree
// grow.
func bounds(list []lexer.Token) *Error {
	depth, chain, nodes := 0, 0, 0
	for _, t := range list {
		switch t.Value {
		case "(", "[":
			depth++
		case ")", "]":
			depth = max(0, depth-1)
		}
		switch t.Value {
		case "not", "¬", "-":
			chain++
		default:
			chain = 0
		}
		if depth > Nesting || chain > Nesting {
			return at(t, fmt.Sprintf("nested deeper than %d", Nesting), "split it: name a part of it with a rule or a role of its own")
		}
		if t.Type != symPunct || t.Value == "[" {
			nodes++
		}
		if nodes > Nodes {
			return at(t, fmt.Sprintf("more than %d words and signs", Nodes), "split the model")
		}
	}
	return nil
}

var (
	symbols     = dividing{}.Symbols()
	symSpace    = symbols["Space"]
	symComment  = symbols["Comment"]
	symOpen     = symbols["Open"]
	symIf       = symbols["If"]
	symOut      = symbols["Out"]
	symIn       = symbols["In"]
	symDefine   = symbols["Define"]
	symNeck     = symbols["Neck"]
	symNumber   = symbols["Number"]
	symString   = symbols["String"]
	symQuoted   = symbols["Quoted"]
	symKeyword  = symbols["Keyword"]
	symVar      = symbols["Var"]
	symWildcard = symbols["Wildcard"]
	symIdent    = symbols["Ident"]
	symPunct    = symbols["Punct"]
	symUnknown  = symbols["Unknown"]
)

func position(p lexer.Position) Position {
	return Position{File: p.Filename, Line: p.Line, Column: p.Column, Offset: p.Offset}
}

func at(t lexer.Token, message, hint string) *Error {
	return &Error{Position: position(t.Pos), Message: message, Hint: hint}
}
