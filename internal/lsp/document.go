package lsp

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"parley/lcc/names"
	"parley/lcc/syntax"
)

// document is a text as the editor has it.
type document struct {
	uri     uri.URI
	version int32
	text    []byte
	lines   []int // the offset at which each line begins
	file    *syntax.File
	faults  []*syntax.Error
	index   *names.Index
	// whole is the index of the last text that could be parsed as a whole: while an event
	// is being written, its clause has no names.
	whole *names.Index
	// imported is the text with what it imports; the zero value where there is nothing.
	imported imported
	parser   *syntax.Parser
}

func newDocument(at uri.URI, version int32, text string, before *document) *document {
	d := &document{uri: at, version: version, text: []byte(text), lines: []int{0}, parser: &syntax.Parser{}}
	for i, c := range d.text {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	if before != nil {
		d.parser = before.parser
	}
	d.file, d.faults = d.parser.Parse(d.name(), d.text)
	d.index = names.Of(d.file, d.text)
	switch {
	case len(d.faults) == 0 || before == nil:
		d.whole = d.index
	default:
		d.whole, d.imported = before.whole, before.imported
	}
	return d
}

// name is how findings name the text.
func (d *document) name() string { return d.uri.Path() }

// position converts an offset. The protocol counts a line in units of UTF-16.
func (d *document) position(offset int) protocol.Position {
	offset = min(max(offset, 0), len(d.text))
	line := sort.SearchInts(d.lines, offset+1) - 1
	units := 0
	for _, r := range string(d.text[d.lines[line]:offset]) {
		units += unitsOf(r)
	}
	return protocol.Position{Line: uint32(line), Character: uint32(units)}
}

// unitsOf is how many units of UTF-16 a character takes.
func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// offset converts a position; one behind the end of its line is the end of the line.
func (d *document) offset(p protocol.Position) int {
	if int(p.Line) >= len(d.lines) {
		return len(d.text)
	}
	at, units := d.lines[p.Line], int(p.Character)
	for units > 0 && at < len(d.text) && d.text[at] != '\n' && d.text[at] != '\r' {
		r, size := utf8.DecodeRune(d.text[at:])
		units -= unitsOf(r)
		at += size
	}
	return at
}

func (d *document) span(from, length int) protocol.Range {
	return protocol.Range{Start: d.position(from), End: d.position(from + length)}
}

// word is the range of what begins at an offset: a name, a number or a sign.
func (d *document) word(offset int) protocol.Range {
	offset = min(max(offset, 0), len(d.text))
	rest := d.text[offset:]
	n := bytes.IndexFunc(rest, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if n < 0 {
		n = len(rest)
	}
	if n == 0 && len(rest) > 0 && rest[0] != '\n' {
		_, n = utf8.DecodeRune(rest)
	}
	return d.span(offset, n)
}
