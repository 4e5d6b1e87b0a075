package chain

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// plain leaves out of a text what could upset a terminal: others wrote it.
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

// stamp writes a moment for people.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// some names the first few of many.
func some(names []string) string {
	const few = 5
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}
