package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// This file breaks long lines between words where they end at a terminal.

// wrapLeast is the least width in which text is broken: a narrower terminal breaks it itself.
const wrapLeast = 20

// writeWrapped writes a safe text after a prefix, as wrapped breaks it.
func writeWrapped(out io.Writer, width int, first, further, line string) {
	writePainted(out, wrapped(width, first, further, line))
}

// wrapped is a text after a prefix. Its further lines, where the text is wider than the
// width (0: any), begin with another prefix. A word is broken only where it is wider than
// a line.
func wrapped(width int, first, further, line string) string {
	at, indent := text.StringWidthWithoutEscSequences(first), text.StringWidth(further)
	if width == 0 || width-indent < wrapLeast || at+text.StringWidthWithoutEscSequences(line) <= width {
		return first + line + "\n"
	}
	var b strings.Builder
	now := first   // the line that is written
	begun := false // it has a word
	next := func() {
		b.WriteString(strings.TrimRight(now, " ") + "\n")
		now, at, begun = further, indent, false
	}
	for word := range strings.FieldsSeq(line) {
		long := text.StringWidthWithoutEscSequences(word)
		if begun && at+1+long > width || !begun && at > indent && at+long > width {
			next()
		}
		if begun {
			now += " "
			at++
		}
		begun = true
		for _, part := range broken(word, width-indent) {
			if long = text.StringWidthWithoutEscSequences(part); at+long > width {
				next()
				begun = true
			}
			now += part
			at += long
		}
	}
	return b.String() + now + "\n"
}

// broken are the parts of a word that is wider than a line. A word with colours is whole.
func broken(word string, width int) []string {
	if strings.Contains(word, "\x1b") || text.StringWidth(word) <= width {
		return []string{word}
	}
	return strings.Split(text.WrapHard(word, width), "\n")
}

// sayWrapped is sayf for one line: it continues below the end of the prefix.
func sayWrapped(out io.Writer, prefix, format string, values ...any) {
	sayIndented(out, prefix, strings.Repeat(" ", text.StringWidth(prefix)), format, values...)
}

// sayIndented is sayWrapped with the beginning of the further lines.
func sayIndented(out io.Writer, first, further, format string, values ...any) {
	writeWrapped(out, widthOf(out), first, further, fmt.Sprintf(format, painted(out, values)...))
}
