package syntax

import (
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// This file lowers numbers and quoted texts.

func (l *lowering) number(p lexer.Position, text string) Term {
	if strings.ContainsAny(text, ".eE") {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			l.fail(p, "", "the number %s is out of range", text)
		}
		return &FloatTerm{Position: l.position(p), Value: f}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		l.fail(p, "write it with a point for a number with a fraction part", "the whole number %s is out of range", text)
	}
	return &IntTerm{Position: l.position(p), Value: n}
}

// unquote removes the quotes and resolves the escapes of a text.
func (l *lowering) unquote(p lexer.Position, text string) string {
	inner := text[1 : len(text)-1]
	var b strings.Builder
	faulty := false // one error is enough
	for i := 0; i < len(inner); i++ {
		if inner[i] != '\\' {
			b.WriteByte(inner[i])
			continue
		}
		i++ // the lexer accepts no text that ends with a backslash
		switch inner[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case '\\', '"', '\'':
			b.WriteByte(inner[i])
		default:
			if !faulty {
				l.fail(p, `those there are: \n \t \r \\ \" \'`, `there is no escape \%c`, inner[i])
			}
			faulty = true
		}
	}
	return b.String()
}
