package link

import (
	"bytes"
	"strings"

	"parley/lcc/names"
	"parley/lcc/syntax"
)

// part is one item of a library with the comments directly above it.
type part struct {
	pos    syntax.Position // of its first line, in its library
	pieces []piece
	item   syntax.Item
	origin origin
}

// origin is where a part was written.
type origin struct {
	file, shipped string // one of them is ""
	line          int
	digest        Digest
}

// piece is a stretch of a part: a name, or what stands between two names.
type piece struct {
	text   string
	symbol names.Symbol // as it is written; the zero value of what is no name
	is     names.Symbol // with the unique name of what it means
	name   bool
	head   bool // it is the name that the part defines
}

// named reports whether a symbol is one that texts can share: variables belong to an item.
func named(s names.Symbol) bool { return s.Kind != names.Variable && s.Name != "" }

// cut returns the items of a text as parts.
func cut(file *syntax.File, text []byte, from origin) (parts []part) {
	index := names.Of(file, text).All()
	behind := 0 // of the part before
	for i, item := range file.Items {
		start := beginOf(file, text, item.Pos().Offset, behind)
		end := file.Ends[i]
		for _, c := range file.Comments { // a comment behind the item, on its line
			if c.Trailing && c.Offset >= end && !bytes.Contains(text[end:c.Offset], []byte{10}) &&
				(i+1 == len(file.Items) || c.Offset < file.Items[i+1].Pos().Offset) {
				end = c.Offset + len(c.Text)
			}
		}
		p := part{item: item, origin: from}
		p.pos = syntax.Position{Line: 1 + bytes.Count(text[:start], []byte("\n")), Offset: start}
		p.origin.line = p.pos.Line
		at := start
		for _, use := range index {
			if use.Offset < start || use.Offset >= end || !named(use.Symbol) {
				continue
			}
			behind := use.Offset + use.Length
			p.pieces = append(p.pieces, piece{text: string(text[at:use.Offset])}, piece{
				text: string(text[use.Offset:behind]), symbol: use.Symbol, is: use.Symbol, name: true, head: use.Head || declares(item),
			})
			at = behind
		}
		p.pieces = append(p.pieces, piece{text: string(text[at:end])})
		parts = append(parts, p)
		behind = end
	}
	return parts
}

func declares(item syntax.Item) bool {
	_, declaration := item.(*syntax.RoleDecl)
	return declaration
}

// beginOf is where the comments directly above an item begin, or the item itself.
func beginOf(file *syntax.File, text []byte, offset, behind int) int {
	start := offset
	for i := len(file.Comments) - 1; i >= 0; i-- {
		c := file.Comments[i]
		if c.Offset >= start || c.Offset < behind || c.Trailing {
			continue
		}
		between := text[c.Offset+len(c.Text) : start]
		if len(bytes.TrimSpace(between)) > 0 || bytes.Count(between, []byte("\n")) > 1 {
			break
		}
		start = c.Offset
	}
	return start
}

// defines returns the role or the predicate that a part is an item of.
func (p *part) defines() (names.Symbol, bool) {
	switch p.item.(type) {
	case *syntax.Clause, *syntax.Rule, *syntax.RoleDecl:
		for _, piece := range p.pieces {
			if piece.head {
				return piece.is, true
			}
		}
	}
	return names.Symbol{}, false
}

// uses returns what a part names, its own role or predicate among them.
func (p *part) uses() (list []names.Symbol) {
	for _, piece := range p.pieces {
		if piece.name {
			list = append(list, piece.is)
		}
	}
	return list
}

func (p *part) text() string {
	var b strings.Builder
	for _, piece := range p.pieces {
		b.WriteString(piece.text)
	}
	return b.String()
}

// copyOf is a part that can be renamed without the other.
func copyOf(p part) part {
	p.pieces = append([]piece(nil), p.pieces...)
	return p
}
