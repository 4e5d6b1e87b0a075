package syntax

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"
)

// kindNames are the kinds of pieces that a text is divided into. The grammar names them.
var kindNames = []string{"Space", "Comment", "Open", "If", "Out", "In", "Define", "Neck", "Compare", "Number", "String", "Quoted",
	"Keyword", "Var", "Wildcard", "Ident", "Punct", "Unknown"}

// dividing divides texts into pieces. It is written by hand because a text is divided at
// each change in an editor: patterns, which lex_test.go holds it against, take ten times
// as long.
type dividing struct{}

func (dividing) Symbols() map[string]lexer.TokenType {
	kinds := map[string]lexer.TokenType{"EOF": lexer.EOF}
	for i, name := range kindNames {
		kinds[name] = lexer.EOF - 1 - lexer.TokenType(i)
	}
	return kinds
}

func (dividing) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return newPieces(name, string(text)), nil
}

// pieces are the pieces of a text, one after the other.
type pieces struct {
	rest string
	pos  lexer.Position
}

func newPieces(name, text string) *pieces {
	return &pieces{rest: text, pos: lexer.Position{Filename: name, Line: 1, Column: 1}}
}

// Next returns the next piece, for the parser.
func (p *pieces) Next() (lexer.Token, error) { return p.next(), nil }

// next returns the next piece, EOF behind the last.
func (p *pieces) next() lexer.Token {
	if p.rest == "" {
		return lexer.EOFToken(p.pos)
	}
	kind, length := divide(p.rest)
	t := lexer.Token{Type: kind, Value: p.rest[:length], Pos: p.pos}
	p.rest = p.rest[length:]
	p.pos.Advance(t.Value)
	return t
}

// signs are the pieces of fixed spelling, each before its own beginnings. So "<=" is always
// a receive, and less-or-equal is "=<".
var signs = []struct {
	kind string
	list []string
}{
	{"If", []string{"<--", "<-", "←"}},
	{"Out", []string{"=>", "⇒"}},
	{"In", []string{"<=", "⇐"}},
	{"Define", []string{"::=", "::"}},
	{"Neck", []string{":-"}},
	{"Compare", []string{"==", "!=", "\\=", "=<", ">=", "=", "<", ">"}},
	{"Punct", []string{"(", ")", "[", "]", "|", ",", ";", ".", "@", "&", "∧", "¬", "+", "*", "/", "-"}},
}

// divide returns the kind of the first piece of a text that is not empty, and its length.
func divide(text string) (lexer.TokenType, int) {
	switch c := text[0]; {
	case 'a' <= c && c <= 'z':
		n := nameLength(text)
		if words[text[:n]] {
			return symKeyword, n
		}
		return symIdent, n
	case 'A' <= c && c <= 'Z':
		return symVar, nameLength(text)
	case c == '_':
		if n := nameLength(text); n > 1 {
			return symVar, n
		}
		return symWildcard, 1
	case digit(c):
		return symNumber, numberLength(text)
	case c == '"':
		if n := quotedLength(text); n > 0 {
			return symString, n
		}
	case c == '\'':
		if n := quotedLength(text); n > 0 {
			return symQuoted, n
		}
	case c == '%', strings.HasPrefix(text, "//"):
		return symComment, lineLength(text)
	case strings.HasPrefix(text, "/*"):
		if end := strings.Index(text[2:], "*/"); end >= 0 {
			return symComment, end + 4
		}
		return symOpen, 2
	}
	if n := spaceLength(text); n > 0 {
		return symSpace, n
	}
	for _, s := range signs {
		for _, sign := range s.list {
			if strings.HasPrefix(text, sign) {
				return symbols[s.kind], len(sign)
			}
		}
	}
	_, n := utf8.DecodeRuneInString(text)
	return symUnknown, n
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func nameLength(text string) int {
	n := 0
	for n < len(text) && (text[n] == '_' || digit(text[n]) || 'a' <= text[n] && text[n] <= 'z' || 'A' <= text[n] && text[n] <= 'Z') {
		n++
	}
	return n
}

func digitsLength(text string) int {
	n := 0
	for n < len(text) && digit(text[n]) {
		n++
	}
	return n
}

// numberLength returns the length of a number. A point or an exponent without digits behind
// it is no part of it.
func numberLength(text string) int {
	n := digitsLength(text)
	if strings.HasPrefix(text[n:], ".") {
		if fraction := digitsLength(text[n+1:]); fraction > 0 {
			n += 1 + fraction
		}
	}
	if n == len(text) || text[n] != 'e' && text[n] != 'E' {
		return n
	}
	exponent := n + 1
	if exponent < len(text) && (text[exponent] == '+' || text[exponent] == '-') {
		exponent++
	}
	if digits := digitsLength(text[exponent:]); digits > 0 {
		return exponent + digits
	}
	return n
}

// quotedLength returns the length of a text in quotes, 0 when it does not end on its line.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case text[0]:
			return i + 1
		case '\n':
			return 0
		case '\\':
			if i++; i < len(text) && text[i] == '\n' {
				return 0
			}
		}
	}
	return 0
}

func lineLength(text string) int {
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		return end
	}
	return len(text)
}

func spaceLength(text string) int {
	n := strings.IndexFunc(text, func(r rune) bool {
		return r != ' ' && r != '\t' && r != '\r' && r != '\n' && r != '\u00a0' && (r < '\u2000' || r > '\u200b') && r != '\ufeff'
	})
	if n < 0 {
		return len(text)
	}
	return n
}
