package chain

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// plain removes unprintable characters from a text that others wrote: they could upset
// a terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(text, " "))
}

func quoted(note string) string {
	if note == "" {
		return ""
	}
	return ": " + plain(note)
}

// stamp formats a moment for people.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// some returns the first few names.
func some(names []string) string {
	const few = 5
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}
