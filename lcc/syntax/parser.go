package syntax

import (
	"encoding/binary"

	"github.com/alecthomas/participle/v2/lexer"
)

// Parser parses a text at each of its changes. It keeps what it has parsed, so that only
// what has changed is parsed again: an item that only stands elsewhere, or in another text,
// is not. The zero value is ready. It must not be used by two goroutines at once.
type Parser struct {
	items map[string]parsedItem // by their tokens
	bytes int                   // of its keys
}

// parserBytes bounds the keys of what a parser keeps. A key is two to three times as long as
// its item.
const parserBytes = 8 * TextBytes

// parsedItem is an item, and where it began when it was parsed.
type parsedItem struct {
	item *gItem
	at   lexer.Position
}

// moved says how far an item stands from where it was parsed. Its column is the same.
type moved struct {
	before        bool // else it was parsed where it stands
	file          string
	lines, offset int
}

func (m moved) to(p lexer.Position) lexer.Position {
	if m.before {
		p.Filename, p.Line, p.Offset = m.file, p.Line+m.lines, p.Offset+m.offset
	}
	return p
}

// item parses an item that is not empty, unless that was done before.
func (p *Parser) item(item []lexer.Token) (*gItem, moved, *Error) {
	here := item[0].Pos
	key := keyOf(item)
	if before, ok := p.items[key]; ok {
		return before.item, moved{true, here.Filename, here.Line - before.at.Line, here.Offset - before.at.Offset}, nil
	}
	parsed, err := parseItem(item)
	if err != nil {
		return nil, moved{}, err
	}
	if p.bytes += len(key); p.items == nil || p.bytes > parserBytes {
		p.items, p.bytes = map[string]parsedItem{}, len(key)
	}
	p.items[key] = parsedItem{parsed, here}
	return parsed, moved{}, nil
}

// keyOf returns a string that two items share only if they have the same tokens at the same
// distances and in the same columns.
func keyOf(item []lexer.Token) string {
	var key []byte
	for _, t := range item {
		for _, n := range []int{int(t.Type), t.Pos.Offset - item[0].Pos.Offset, t.Pos.Line - item[0].Pos.Line, t.Pos.Column, len(t.Value)} {
			key = binary.AppendVarint(key, int64(n))
		}
		key = append(key, t.Value...)
	}
	return string(key)
}
