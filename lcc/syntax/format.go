package syntax

import (
	"bytes"
	"fmt"
	"strings"
)

// Format returns a text in its canonical form: one event per line, parentheses around
// every group, ASCII arrows, comments kept. Texts that differ only in space, notation
// and parentheses format to the same result, except for their comments and the empty
// lines between facts. Format returns the errors of a faulty text instead. It verifies
// that the result parses to the same tree, and is idempotent.
func Format(name string, text []byte) ([]byte, []*Error) { return new(Parser).Format(name, text) }

// Format is Format of the package.
func (p *Parser) Format(name string, text []byte) ([]byte, []*Error) {
	file, errs := p.read(name, text)
	if len(errs) > 0 {
		return nil, errs
	}
	out := format(file, text)
	again, errs := p.read(name, out)
	if len(errs) > 0 || !same(file, again) {
		// Parse, Text or this file has a fault: leave the text unchanged.
		return nil, []*Error{{
			Position: Position{File: name, Line: 1, Column: 1},
			Message:  fmt.Sprintf("the formatted text would not say the same (%v)", errs),
			Hint:     "this is a fault of the formatter: report it with the text",
		}}
	}
	return out, nil
}

// same reports whether two files have the same items and comments.
func same(a, b *File) bool {
	if len(a.Items) != len(b.Items) || len(a.Comments) != len(b.Comments) {
		return false
	}
	for i := range a.Items {
		if Text(a.Items[i]) != Text(b.Items[i]) {
			return false
		}
	}
	// Two comments on the same line may have swapped places.
	count := map[string]int{}
	for i := range a.Comments {
		count[inWords(a.Comments[i].Text)]++
		count[inWords(b.Comments[i].Text)]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func inWords(text string) string { return strings.Join(strings.Fields(text), " ") }

func format(file *File, text []byte) []byte {
	l := &layout{}
	source := bytes.Split(text, []byte("\n"))
	for i, item := range file.Items {
		l.number = i
		first := len(l.lines)
		l.item(item)
		_, clause := item.(*Clause)
		if i > 0 {
			_, behind := file.Items[i-1].(*Clause)
			clause = clause || behind
		}
		l.lines[first].blank = clause || blankAbove(source, item.Pos().Line)
	}
	lines := withComments(file, l.lines, source)
	align(lines)
	var out strings.Builder
	for i, line := range lines {
		if line.blank && i > 0 {
			out.WriteByte('\n')
		}
		if line.text != "" {
			out.WriteString(strings.Repeat(" ", line.indent) + line.text)
		}
		out.WriteString(line.after + "\n")
	}
	return []byte(out.String())
}

// blankAbove reports whether the line above a line is empty.
func blankAbove(source [][]byte, number int) bool {
	return number > 1 && number-2 < len(source) && len(bytes.TrimSpace(source[number-2])) == 0
}

// withComments reinserts the comments: a trailing comment after the line with the text
// before it, any other before the line with the text after it.
func withComments(file *File, lines []line, source [][]byte) []line {
	before := make([][]line, len(lines)+1) // comments before a line
	for _, c := range file.Comments {
		if at := behind(lines, c.Offset); c.Trailing && at >= 0 {
			if lines[at].after != "" { // there is one already: the new one goes above
				before[at] = append(before[at], line{text: lines[at].after, remark: true})
			}
			lines[at].after = c.Text
			continue
		}
		at := placeOf(lines, c)
		before[at] = append(before[at], line{text: c.Text, remark: true, blank: blankAbove(source, c.Line)})
	}
	var whole []line
	for i := range before {
		if i == len(lines) {
			whole = append(whole, before[i]...)
			break
		}
		remarks := before[i]
		for k := range remarks {
			remarks[k].indent = lines[i].indent
			if strings.HasPrefix(lines[i].text, ")") {
				remarks[k].indent += step
			}
			remarks[k].item = lines[i].item
		}
		if next := &lines[i]; len(remarks) > 0 && next.indent == 0 {
			// The empty line before an item goes before its comments. The author's
			// empty lines between comments and item stay.
			remarks[0].blank = remarks[0].blank || next.blank
			next.blank = next.begin >= 0 && blankAbove(source, lineOfOffset(file, next.item))
		} else {
			for k := range remarks {
				remarks[k].blank = remarks[k].blank && next.indent == 0
			}
		}
		whole = append(append(whole, remarks...), lines[i])
	}
	return whole
}

func lineOfOffset(file *File, item int) int { return file.Items[item].Pos().Line }

// behind returns the index of the line with the text before an offset; -1 when there is
// none.
func behind(lines []line, offset int) int {
	at := -1
	for i, l := range lines {
		if l.begin >= 0 && l.begin < offset {
			at = i
		}
	}
	return at
}

// placeOf returns the index of the line before which a comment goes: the line of the
// text after it, or, at the end of a group, the line after the group's last text. A
// comment in a term goes before the term.
func placeOf(lines []line, c Comment) int {
	if at := behind(lines, c.Offset); c.inside && at >= 0 {
		return at // the rest of the term is on the same line
	}
	// The closing parenthesis of a term is on the term's line; only that of a group has
	// its own line.
	next := behind(lines, c.Offset) + 1
	if c.last && next < len(lines) && strings.HasPrefix(lines[next].text, ")") {
		return next
	}
	for i, l := range lines {
		if l.begin > c.Offset {
			return i
		}
	}
	return len(lines)
}

// align aligns the trailing comments of neighbouring lines.
func align(lines []line) {
	for i := 0; i < len(lines); {
		if lines[i].after == "" {
			i++
			continue
		}
		end, column := i, 0
		for end < len(lines) && lines[end].after != "" && (end == i || !lines[end].blank) {
			column = max(column, lines[end].indent+width(lines[end].text))
			end++
		}
		for ; i < end; i++ {
			pad := column - lines[i].indent - width(lines[i].text)
			lines[i].after = strings.Repeat(" ", pad+2) + lines[i].after
		}
	}
}
