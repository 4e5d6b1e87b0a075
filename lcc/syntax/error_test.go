package syntax

import (
	"strings"
	"testing"
)

func TestSnippet(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, c := range []struct {
		name, text   string
		line, column int
		want         string
	}{
		{"first line", "a ? b\nc", 1, 3, "  a ? b\n    ^"},
		{"last line", "a\nb ?", 2, 3, "  b ?\n    ^"},
		{"a line of Windows", "a ?\r\nb", 1, 3, "  a ?\n    ^"},
		{"tabs", "\ta\t?", 1, 4, "  \ta\t?\n  \t \t^"},
		{"letters of two bytes", "äö?", 1, 3, "  äö?\n    ^"},
		{"the end", "ab", 1, 3, "  ab\n    ^"},
		{"a long line", long + "?" + long, 1, 101, "  ..." + long[:60] + "?" + long[:59] + "...\n  " + strings.Repeat(" ", 63) + "^"},
		{"no such line", "ab", 0, 1, ""},
		{"no UTF-8", "a\xff", 1, 1, ""},
	} {
		at := Position{Line: c.line, Column: c.column}
		lines := strings.SplitAfter(c.text, "\n")
		for i := 0; i < c.line-1; i++ {
			at.Offset += len(lines[i])
		}
		if c.line > 0 {
			at.Offset += len(string([]rune(lines[c.line-1])[:min(c.column-1, len([]rune(lines[c.line-1])))]))
		}
		if got := Snippet([]byte(c.text), at); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestErrorIsOneLine(t *testing.T) {
	_, errs := Parse("shop.lcc", []byte("p.\na(x, I) :: null <- X<-1."))
	const want = `shop.lcc:2:21: an event has one message arrow and its constraints ` +
		`("<-" is an arrow; for a comparison with a negative number write a space: X < -1)`
	if len(errs) != 1 || errs[0].Error() != want {
		t.Errorf("got %v, want %s", errs, want)
	}
}

// A sign of the published syntax, and a name that cannot be one, say what to write.
func TestHintsOfOtherNotations(t *testing.T) {
	for text, want := range map[string]string{
		"n(1) ∨ n(2)":          `and ";" between constraints`,
		"n(N) and N ≤ 1":       `write "=<"`,
		"n(N) and N ≥ 1":       `write ">="`,
		"n(N) and N ≠ 1":       `write "!="`,
		"n(1) && n(2)":         `write "and"`,
		"n(1) || n(2)":         `and ";" between constraints`,
		`\+ n(1)`:              `write "not"`,
		"FindPeers(1)":         "findPeers(...), or 'FindPeers'(...)",
		"_findPeers(1)":        "findPeers(...), or '_findPeers'(...)",
		"n(1) and mod(1)":      `"mod" is a word of the language: as a name it stands in quotes, 'mod'`,
		"n(1) then in(1) => X": `"in" is a word of the language: as a name it stands in quotes, 'in'`,
	} {
		_, errs := Parse("m.lcc", []byte("a(x, X) :: null <- "+text))
		if len(errs) == 0 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: got %v, want %s", text, errs, want)
		}
	}
}
