package syntax

import (
	"slices"
	"sort"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// errorsMax bounds the reported errors of a text.
const errorsMax = 100

// Parse parses a text. It returns everything that could be parsed, and the first
// hundred errors in text order. The file is nil only when nothing could be parsed.
//
// Positions follow the marks of a closed text (marks.go): what was imported has the file
// and the lines of its library. Offsets are always those of the text itself.
func Parse(name string, text []byte) (*File, []*Error) { return new(Parser).Parse(name, text) }

// Parse is Parse of the package.
func (p *Parser) Parse(name string, text []byte) (*File, []*Error) {
	file, errs := p.read(name, text)
	relocate(name, text, file, errs)
	return file, errs
}

// read is Parse with the positions of the text as it stands.
func (p *Parser) read(name string, text []byte) (*File, []*Error) {
	s := scan(name, text)
	errs := s.errs
	if s.list == nil {
		return nil, errs
	}
	if err := bounds(s.list); err != nil {
		return nil, []*Error{err}
	}
	file := &File{Name: name, Comments: s.comments, Lost: s.cut}
	for _, item := range split(s.list) {
		if len(errs) >= errorsMax {
			break // no more are reported
		}
		tree, found := p.readItem(item)
		skipped := within(s.errs, item)
		if tree != nil {
			file.Items = append(file.Items, tree)
			last := item[len(item)-1]
			file.Ends = append(file.Ends, last.Pos.Offset+len(last.Value))
			file.Faulty = append(file.Faulty, skipped || len(found) > 0)
		} else if head := headAlone(item); head != nil {
			file.Unread = append(file.Unread, head)
		} else {
			file.Lost = true
		}
		if body := bodyOf(item); body > 0 && len(found) > 0 && found[0].Offset < item[body-1].Pos.Offset {
			file.Lost = true // the head may be another one
		}
		if !skipped { // skipped characters explain the other errors of the item
			errs = append(errs, found...)
		}
	}
	sort.SliceStable(errs, func(i, j int) bool { return errs[i].Offset < errs[j].Offset })
	// Two added parentheses may have the same position, and so the same error.
	errs = slices.CompactFunc(errs, func(a, b *Error) bool { return *a == *b })
	return file, errs[:min(len(errs), errorsMax)]
}

// readItem parses one item; the tree is nil when it cannot be parsed at all.
func (p *Parser) readItem(item []lexer.Token) (Item, []*Error) {
	var errs []*Error
	item, unmatched := repair(item)
	if unmatched != nil {
		errs = append(errs, unmatched)
	}
	if item == nil {
		return nil, errs
	}
	parsed, moved, err := p.item(item)
	if err != nil {
		if unmatched == nil {
			errs = append(errs, err)
		}
		return nil, errs
	}
	low := lowering{moved: moved}
	tree := low.item(parsed)
	if unmatched != nil {
		return tree, errs // what else is said of it may follow from where it was completed
	}
	if _, clause := tree.(*Clause); !clause && len(low.errs) > 1 {
		low.errs = low.errs[:1] // the others may follow from the first
	}
	return tree, low.errs
}

// headAlone returns the part of an item before "::" or ":-".
func headAlone(item []lexer.Token) *Const {
	item, _ = repair(slices.Clone(item[:max(bodyOf(item)-1, 0)]))
	if len(item) == 0 {
		return nil
	}
	if item[0].Value == "A" { // a clause with a capital letter
		item[0].Type, item[0].Value = symIdent, "a"
	}
	parsed, err := parseItem(item)
	if err != nil || parsed.Body == nil {
		return nil
	}
	low := lowering{}
	head, _ := low.primary(parsed.Body.Head).(*Const)
	return head
}

// within reports whether one of some errors is in an item.
func within(errs []*Error, item []lexer.Token) bool {
	first, last := item[0].Pos, item[len(item)-1].Pos
	for _, err := range errs {
		if err.Offset >= first.Offset && err.Line <= last.Line {
			return true
		}
	}
	return false
}

// ParseTerm parses one term that is a constant or has a functor, such as
// overloaded(0.7).
func ParseTerm(text string) (Term, error) {
	start := Position{File: "term", Line: 1, Column: 1}
	s := scan(start.File, []byte(text))
	if len(s.errs) > 0 {
		return nil, s.errs[0]
	}
	list := s.list
	if err := bounds(list); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, &Error{Position: start, Message: "there is no term"}
	}
	item, err := parseItem(list)
	if err != nil {
		if found, _, more := strings.Cut(err.Message, `, expected "then"`); more { // which joins events
			err.Message, err.Hint = found+", and one term is wanted", ""
		}
		return nil, err
	}
	if item.Body == nil || item.Body.Clause != nil || item.Body.Rule != nil {
		return nil, &Error{Position: start, Message: "this is not a term"}
	}
	low := lowering{goals: true}
	term := low.primary(item.Body.Head)
	if len(low.errs) > 0 {
		return nil, low.errs[0]
	}
	return term, nil
}

// tokenList is a lexer over tokens that were scanned before.
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
