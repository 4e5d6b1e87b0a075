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
// width (0: any), begin with another prefix.
func wrapped(width int, first, further, line string) string {
	room := width - max(text.StringWidth(first), text.StringWidth(further))
	if width == 0 || room < wrapLeast {
		return first + line + "\n"
	}
	var b strings.Builder
	for i, part := range strings.Split(text.WrapSoft(line, room), "\n") {
		prefix := further
		if i == 0 {
			prefix = first
		}
		b.WriteString(prefix + strings.TrimRight(part, " ") + "\n")
	}
	return b.String()
}

// sayWrapped is sayf for one line: it continues below the end of the prefix.
func sayWrapped(out io.Writer, prefix, format string, values ...any) {
	sayIndented(out, prefix, strings.Repeat(" ", text.StringWidth(prefix)), format, values...)
}

// sayIndented is sayWrapped with the beginning of the further lines.
func sayIndented(out io.Writer, first, further, format string, values ...any) {
	writeWrapped(out, widthOf(out), first, further, fmt.Sprintf(format, painted(out, values)...))
}
