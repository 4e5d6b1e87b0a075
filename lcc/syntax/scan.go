package syntax

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"
)

// scanned is a text as scan divides it.
type scanned struct {
	list     []lexer.Token // nil: the input is not LCC text at all
	comments []Comment
	cut      bool // a comment that never ends takes the rest
	errs     []*Error
}

// scan splits a text into tokens, without space and comments. It reports and skips
// invalid characters, so that the rest can be parsed.
func scan(name string, text []byte) scanned {
	if err := refuse(name, text); err != nil {
		return scanned{errs: []*Error{err}}
	}
	var comments []Comment
	var errs []*Error
	rest := newPieces(name, string(text))
	list := []lexer.Token{}
	var within brackets
	lost := 0 // the line with an unterminated text, whose rest is skipped
	for {
		t := rest.next()
		switch {
		case t.EOF():
			return scanned{list: list, comments: comments, errs: errs}
		case t.Type == symSpace, t.Pos.Line == lost:
		case t.Type == symComment:
			comments = append(comments, comment(t, list))
			comments[len(comments)-1].inside = within.terms > 0
		case t.Type == symOpen:
			errs = append(errs, at(t, "the comment never ends", `close it with "*/"`))
			return scanned{list: list, comments: comments, cut: true, errs: errs}
		case t.Type == symUnknown:
			if t.Value == `\` && strings.HasPrefix(rest.rest, "+") { // the "not" of Prolog
				t.Value += rest.next().Value
			}
			if errs = append(errs, unknown(t, rest.rest)); len(errs) == errorsMax {
				return scanned{errs: errs} // this is not LCC text
			}
			if t.Value == `"` || t.Value == "'" {
				lost = t.Pos.Line
			}
			if define := asDefine(t); t.Value == ":" && headsClause(append(list, define)) {
				list = append(list, define)
			}
		default:
			for i := len(comments) - 1; i >= 0 && (len(list) == 0 || comments[i].Offset > list[len(list)-1].Pos.Offset); i-- {
				comments[i].last = t.Value == ")" && t.Type == symPunct
			}
			within.note(t, list)
			list = append(list, t)
		}
	}
}

// brackets are the parentheses and brackets that are open at a place.
type brackets struct {
	open  []bool // for each whether it belongs to a term: to arguments, or a list
	terms int    // how many do
}

// note takes account of the next token; before holds the tokens before it.
func (b *brackets) note(t lexer.Token, before []lexer.Token) {
	if t.Type != symPunct {
		return
	}
	switch t.Value {
	case "(", "[":
		term := t.Value == "["
		if len(before) > 0 {
			last := before[len(before)-1].Type
			term = term || last == symIdent || last == symQuoted
		}
		b.open = append(b.open, term)
		if term {
			b.terms++
		}
	case ")", "]":
		if last := len(b.open) - 1; last >= 0 {
			if b.open[last] {
				b.terms--
			}
			b.open = b.open[:last]
		}
	}
}

// asDefine is a token as the "::" that was probably meant.
func asDefine(t lexer.Token) lexer.Token {
	t.Type, t.Value = symDefine, "::"
	return t
}

// headsClause reports whether the last token stands behind a(...) at the beginning of a
// line.
func headsClause(list []lexer.Token) bool {
	last := len(list) - 1
	start, ok := headOf(list, last)
	return ok && list[start].Value == "a" && list[last-1].Value == ")" && (start == 0 || list[start-1].Pos.Line < list[start].Pos.Line)
}

// comment converts a comment token; before holds the tokens before it.
func comment(t lexer.Token, before []lexer.Token) Comment {
	c := Comment{Position: position(t.Pos), Text: strings.TrimRight(strings.ReplaceAll(t.Value, "\r", ""), " \t")}
	if len(before) > 0 {
		last := before[len(before)-1]
		c.Trailing = last.Pos.Line == t.Pos.Line && last.Value != "(" && last.Value != "or" && last.Value != "par"
		c.Percent = c.Text[0] == '%' && last.Type == symNumber && last.Pos.Offset+len(last.Value) == t.Pos.Offset
	}
	return c
}

// refuse says why a text is rejected unread.
func refuse(name string, text []byte) *Error {
	if len(text) > TextBytes {
		return &Error{
			Position: Position{File: name, Line: 1, Column: 1},
			Message:  fmt.Sprintf("the text has %d bytes, more than %d", len(text), TextBytes), Hint: "split the model",
		}
	}
	if utf8.Valid(text) {
		return nil
	}
	bad := 0
	for bad < len(text) {
		r, size := utf8.DecodeRune(text[bad:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		bad += size
	}
	line := 1 + bytes.Count(text[:bad], []byte("\n"))
	column := 1 + utf8.RuneCount(text[bytes.LastIndexByte(text[:bad], '\n')+1:bad])
	return &Error{
		Position: Position{File: name, Line: line, Column: column, Offset: bad},
		Message:  "the text is not UTF-8 here", Hint: "save it as UTF-8",
	}
}

// published says what to write for a sign of the published syntax, or of other languages.
var published = map[string]string{
	"∨":  `write "or" between events, and ";" between constraints`,
	"≤":  `write "=<"`,
	"≥":  `write ">="`,
	"≠":  `write "!="`,
	"≡":  `write "=="`,
	"→":  `"=>" sends a message`,
	"∈":  `write "in"`,
	`\+`: `write "not"`,
	`\`:  `write "not"`,
	"!":  `write "not", or "!=" for a comparison`,
}

// noCut is the hint for the "!" of Prolog.
const noCut = `there is no cut: a choice of events takes its first branch that can happen; ` +
	`in a rule say what excludes the others, such as not p(X)`

// isCut reports whether a "!" is one of Prolog, by what stands behind it: nothing that could be
// negated.
func isCut(after string) bool {
	after = strings.TrimLeft(after, " \t\r")
	return after == "" || strings.IndexByte(",.;)\n%", after[0]) >= 0 || strings.HasPrefix(after, "and ")
}

// unknown describes a character that begins no token; after is the text behind it.
func unknown(t lexer.Token, after string) *Error {
	switch t.Value {
	case "!":
		if isCut(after) {
			return at(t, `the character "!" has no meaning here`, noCut)
		}
	case `"`, "'":
		return at(t, "the text in quotes does not end on its line", "close it with "+t.Value)
	case ":":
		return at(t, "a single colon", `write "::" between a role and what it does`)
	case "{", "}":
		return at(t, "braces have no meaning", "write parentheses")
	}
	what := "character"
	if len(t.Value) > 1 && t.Value[0] == '\\' {
		what = "sign"
	}
	shown := strings.Trim(strconv.Quote(t.Value), `"`)
	if t.Value[0] == '\\' {
		shown = t.Value // it is no escape here
	}
	return at(t, fmt.Sprintf(`the %s "%s" has no meaning here`, what, shown), published[t.Value])
}
