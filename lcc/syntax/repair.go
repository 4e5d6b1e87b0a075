package syntax

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"
)

// repairs bounds the parentheses added to one item. An item with more faults is not
// parsed: its meaning would be a guess, and added parentheses must not exceed the
// nesting that bounds has checked.
const repairs = 8

// repair reports the first unmatched parenthesis or bracket of an item, and adds the
// missing partners so that other faults of the item can be found. It returns a nil item
// when too many are missing.
func repair(item []lexer.Token) ([]lexer.Token, *Error) {
	if len(item) == 0 {
		return nil, nil
	}
	m := mender{body: bodyOf(item)}
	for _, t := range item {
		if t.Type != symPunct {
			m.out = append(m.out, t)
			continue
		}
		switch t.Value {
		case "(", "[":
			m.open = append(m.open, t)
		case ")", "]":
			m.close(t)
			continue
		case ".":
			m.closeAll(t)
		}
		m.out = append(m.out, t)
	}
	m.closeAll(item[len(item)-1])
	if m.added > repairs {
		return nil, m.report
	}
	return m.out, m.report
}

// mender is the state of repair.
type mender struct {
	body   int // index at which a definition begins
	out    []lexer.Token
	open   []lexer.Token
	added  int
	report *Error
}

// bodyOf returns the index at which an added "(" goes.
func bodyOf(item []lexer.Token) int {
	for i, t := range item[:max(len(item)-1, 0)] {
		if t.Type == symDefine || t.Type == symNeck {
			return i + 1
		}
	}
	return 0
}

func partnerOf(open string) string {
	if open == "[" {
		return "]"
	}
	return ")"
}

// close handles a closing token.
func (m *mender) close(t lexer.Token) {
	matching := len(m.open) - 1
	for matching >= 0 && partnerOf(m.open[matching].Value) != t.Value {
		matching--
	}
	if matching >= 0 {
		for len(m.open)-1 > matching {
			m.missing(t)
		}
		m.open = m.open[:matching]
		m.out = append(m.out, t)
		return
	}
	m.added++
	opening := "("
	if t.Value == "]" {
		opening = "["
	}
	if m.report == nil {
		m.report = at(t, `"`+t.Value+`" has no "`+opening+`" before it`, `write the missing "`+opening+`", or take this one away`)
	}
	// A stray bracket is dropped: the beginning of its list is unknown.
	if t.Value == ")" && m.added <= repairs {
		body := min(m.body, len(m.out))
		paren := t
		paren.Value = "("
		if body < len(m.out) {
			paren.Pos = m.out[body].Pos
		}
		m.out = append(slices.Insert(m.out, body, paren), t)
	}
}

// missing closes the innermost open token before the token t.
func (m *mender) missing(t lexer.Token) {
	last := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	m.added++
	if m.report == nil {
		m.report = at(last, `"`+last.Value+`" is never closed`, `write the missing "`+partnerOf(last.Value)+`"`)
	}
	if m.added <= repairs {
		paren := t
		paren.Type, paren.Value = symPunct, partnerOf(last.Value)
		m.out = append(m.out, paren)
	}
}

func (m *mender) closeAll(t lexer.Token) {
	for len(m.open) > 0 {
		m.missing(t)
	}
}
