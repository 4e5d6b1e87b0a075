package syntax

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// Parse reads a text. It returns all that could be read, and every error in
// the order of the text; the file is nil only when nothing could be read.
func Parse(name string, text []byte) (*File, []*Error) {
	list, err := scan(name, text)
	if err != nil {
		return nil, []*Error{err}
	}
	if err := bounds(list); err != nil {
		return nil, []*Error{err}
	}
	file := &File{Name: name}
	var errs []*Error
	for _, item := range split(list) {
		item, repaired := repair(item)
		parsed, err := parseItem(item)
		if repaired != nil {
			errs = append(errs, repaired)
		}
		if err != nil {
			if repaired == nil {
				errs = append(errs, err)
			}
			continue
		}
		low := lowering{}
		if tree := low.item(parsed); tree != nil {
			file.Items = append(file.Items, tree)
		}
		errs = append(errs, low.errs...)
	}
	return file, errs
}

// ParseTerm reads one term, such as overloaded(0.7) or [a, "b"].
func ParseTerm(text string) (Term, error) {
	list, err := scan("term", []byte(text))
	if err != nil {
		return nil, err
	}
	if err := bounds(list); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, &Error{Position: Position{File: "term", Line: 1, Column: 1}, Message: "there is no term"}
	}
	item, err := parseItem(list)
	if err != nil {
		return nil, err
	}
	if item.Body == nil || item.Body.Clause != nil || item.Body.Rule != nil {
		return nil, &Error{Position: Position{File: "term", Line: 1, Column: 1}, Message: "this is not a term"}
	}
	low := lowering{}
	term := low.primary(item.Body.Head)
	if len(low.errs) > 0 {
		return nil, low.errs[0]
	}
	return term, nil
}

// scan cuts a text into tokens, without space and comments.
func scan(name string, text []byte) ([]lexer.Token, *Error) {
	start := Position{File: name, Line: 1, Column: 1}
	if len(text) > TextBytes {
		return nil, &Error{Position: start, Message: fmt.Sprintf("the text has %d bytes, more than %d", len(text), TextBytes), Hint: "split the model"}
	}
	if !utf8.Valid(text) {
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
		return nil, &Error{Position: Position{File: name, Line: line, Column: column, Offset: bad}, Message: "the text is not UTF-8 here"}
	}
	lex, err := tokens.LexString(name, string(text))
	if err != nil {
		return nil, &Error{Position: start, Message: err.Error()}
	}
	var list []lexer.Token
	for {
		t, err := lex.Next()
		if err != nil {
			return nil, reword(err, []lexer.Token{{Pos: lexer.Position{Filename: name, Line: 1, Column: 1}}})
		}
		switch {
		case t.EOF():
			return list, nil
		case t.Type == symSpace || t.Type == symComment:
			continue
		case t.Type == symUnknown:
			return nil, unknown(t)
		}
		list = append(list, t)
	}
}

func unknown(t lexer.Token) *Error {
	switch t.Value {
	case `"`, "'":
		return at(t, "the text in quotes does not end on its line", "close it with "+t.Value)
	case ":":
		return at(t, "a single colon", `write "::" between a role and what it does`)
	case "{", "}":
		return at(t, "braces have no meaning", "write parentheses")
	}
	return at(t, fmt.Sprintf("the character %q has no meaning here", t.Value), "")
}

// split cuts the tokens into items: an item ends with its dot, and before the
// head of a clause or a rule, a declaration or an annotation.
func split(list []lexer.Token) (items [][]lexer.Token) {
	heads := map[int]bool{}
	for i, t := range list {
		if t.Type == symDefine || t.Type == symNeck {
			if start, ok := headOf(list, i); ok {
				heads[start] = true
			}
		}
	}
	begin := 0
	cut := func(end int) {
		if end > begin {
			items = append(items, list[begin:end])
		}
		begin = end
	}
	for i, t := range list {
		declares := i > begin && (list[begin].Value == "@" || list[begin].Value == "r" && i > begin+1 && list[begin+1].Value == "(")
		switch {
		case heads[i], t.Value == "@" && t.Type == symPunct:
			cut(i)
		case declares && t.Value == "r" && t.Type == symIdent && list[i-1].Value == ")" && i+1 < len(list) && list[i+1].Value == "(":
			cut(i)
		}
		if t.Value == "." && t.Type == symPunct {
			cut(i + 1)
		}
	}
	cut(len(list))
	return items
}

// headOf walks back from a "::" or ":-" over the parentheses before it.
func headOf(list []lexer.Token, define int) (start int, ok bool) {
	depth := 0
	if define > 0 && list[define-1].Type == symIdent {
		return define - 1, true // the head of a rule without arguments
	}
	for i := define - 1; i >= 0; i-- {
		switch list[i].Value {
		case ")":
			depth++
		case "(":
			depth--
			if depth == 0 {
				return i - 1, i > 0 && list[i-1].Type == symIdent
			}
		}
		if depth == 0 {
			return 0, false
		}
	}
	return 0, false
}

// repair reports the first unmatched parenthesis of an item and adds its
// partner, so that what else is wrong with the item can be seen.
func repair(item []lexer.Token) ([]lexer.Token, *Error) {
	body := 0 // where a definition begins
	var open []int
	var report *Error
	for i := 0; i < len(item); i++ {
		switch item[i].Value {
		case "(":
			open = append(open, i)
		case ")":
			if len(open) > 0 {
				open = open[:len(open)-1]
				continue
			}
			if report == nil {
				report = at(item[i], `")" has no "(" before it`, `write the missing "(", or take this one away`)
			}
			paren := item[i]
			paren.Value, paren.Pos = "(", item[body].Pos
			item = append(append(append([]lexer.Token(nil), item[:body]...), paren), item[body:]...)
			i++
		}
		if (item[i].Type == symDefine || item[i].Type == symNeck) && body == 0 && i+1 < len(item) {
			body = i + 1
		}
	}
	if len(open) == 0 {
		return item, report
	}
	if report == nil {
		report = at(item[open[len(open)-1]], `"(" is never closed`, `write the missing ")"`)
	}
	end := len(item)
	if item[end-1].Value == "." {
		end--
	}
	fixed := append([]lexer.Token(nil), item[:end]...)
	for range open {
		paren := item[end-1]
		paren.Type, paren.Value = symPunct, ")"
		fixed = append(fixed, paren)
	}
	return append(fixed, item[end:]...), report
}

// tokenList is a lexer of tokens that were scanned before.
type tokenList struct{ rest []lexer.Token }

func (l *tokenList) Next() (lexer.Token, error) {
	if len(l.rest) == 0 {
		return lexer.EOFToken(lexer.Position{}), nil
	}
	t := l.rest[0]
	l.rest = l.rest[1:]
	return t, nil
}

func parseItem(item []lexer.Token) (*gItem, *Error) {
	peeking, err := lexer.Upgrade(&tokenList{item})
	if err != nil {
		return nil, reword(err, item)
	}
	parsed, err := grammar.ParseFromLexer(peeking)
	if err != nil {
		return nil, reword(err, item)
	}
	return parsed, nil
}

// reword says a fault of an item in the words of the language: what was found,
// and from the token before it, what could have stood there.
func reword(err error, item []lexer.Token) *Error {
	last := item[len(item)-1]
	var unexpected *participle.UnexpectedTokenError
	if errors.As(err, &unexpected) {
		found := unexpected.Unexpected
		if found.EOF() {
			return at(last, fmt.Sprintf("the text breaks off after %q: expected %s", last.Value, expectedAfter(last)), "")
		}
		message := fmt.Sprintf("found %q, expected the beginning of a clause, a fact or a rule", found.Value)
		for i := 1; i < len(item); i++ {
			if item[i].Pos.Offset == found.Pos.Offset {
				message = fmt.Sprintf("found %q, expected %s", found.Value, expectedAfter(item[i-1]))
				return at(found, message, hintFor(item[i-1], found))
			}
		}
		return at(found, message, hintFor(found, found))
	}
	var fault participle.Error
	if errors.As(err, &fault) && fault.Position().Line > 0 {
		return &Error{Position: position(fault.Position()), Message: fault.Message()}
	}
	return at(last, err.Error(), "")
}

// expectedAfter says what may follow a token.
func expectedAfter(t lexer.Token) string {
	switch t.Type {
	case symIdent, symVar, symNumber, symWildcard, symString, symQuoted:
		return `"then", "or", "par", an arrow, a comma or the end of the clause`
	case symIf:
		return "a constraint"
	case symOut, symIn:
		return "an agent such as a(seller, S)"
	case symDefine:
		return "what the role does"
	}
	switch t.Value {
	case ")", "]":
		return `"then", "or", "par", an arrow, a comma or the end of the clause`
	case ".":
		return "the next clause"
	}
	return "a term, a constraint or an event"
}

func hintFor(before, found lexer.Token) string {
	switch {
	case found.Type == symDefine:
		return `a clause begins with a(Role, Id) "::"`
	case found.Type == symIdent && (before.Value == ")" || before.Value == "]"):
		return `is "then" missing before it, or "." after the clause above?`
	case found.Type == symIn:
		return `"<=" is a receive; less-or-equal is "=<"`
	case found.Type == symIf:
		return `"<-" is an arrow; for a comparison with a negative number write a space: X < -1`
	}
	return ""
}
