package syntax

import "github.com/alecthomas/participle/v2/lexer"

// Lexeme is one piece of a text as the language divides it: a token, or a comment.
type Lexeme struct {
	Kind   string // the name of a rule of the lexer, such as Var or Comment
	Offset int
	Text   string
}

// Lexemes returns the pieces of a text without the space between them, also of a text that
// has errors: what an editor shows in colours, and what its own rules are held against.
func Lexemes(text []byte) ([]Lexeme, error) {
	lex, err := tokens.LexString("", string(text))
	if err != nil {
		return nil, err
	}
	kinds := map[lexer.TokenType]string{}
	for name, symbol := range tokens.Symbols() {
		kinds[symbol] = name
	}
	var list []Lexeme
	for {
		t, err := lex.Next()
		if err != nil {
			return nil, err
		}
		if t.EOF() {
			return list, nil
		}
		if t.Type != symSpace {
			list = append(list, Lexeme{Kind: kinds[t.Type], Offset: t.Pos.Offset, Text: t.Value})
		}
	}
}
