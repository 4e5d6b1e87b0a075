package syntax

import "github.com/alecthomas/participle/v2/lexer"

// Lexeme is one piece of a text as the language divides it: a token, or a comment.
type Lexeme struct {
	Kind   string // such as Var or Comment
	Offset int
	Text   string
}

// Lexemes returns the pieces of a text without the space between them, also of a text that
// has errors: what an editor shows in colours, and what its own rules are held against.
func Lexemes(text []byte) (list []Lexeme) {
	kinds := lexer.SymbolsByRune(dividing{})
	for rest := newPieces("", string(text)); ; {
		t := rest.next()
		if t.EOF() {
			return list
		}
		if t.Type != symSpace {
			list = append(list, Lexeme{Kind: kinds[t.Type], Offset: t.Pos.Offset, Text: t.Value})
		}
	}
}
