package syntax

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"
	"pgregory.net/rapid"
)

// patterns are the pieces of a text as patterns, of which the first one that fits counts.
var patterns = lexer.MustStateful(lexer.Rules{"Root": {
	{Name: "Space", Pattern: `[ \t\r\n\x{00a0}\x{2000}-\x{200b}\x{feff}]+`},
	{Name: "Comment", Pattern: `//[^\n]*|%[^\n]*|/\*(?s:.*?)\*/`},
	{Name: "Open", Pattern: `/\*`}, // an unterminated comment
	{Name: "If", Pattern: `<--|<-|←`},
	{Name: "Out", Pattern: `=>|⇒`},
	{Name: "In", Pattern: `<=|⇐`},
	{Name: "Define", Pattern: `::=|::`},
	{Name: "Neck", Pattern: `:-`},
	{Name: "Compare", Pattern: `==|!=|\\=|=<|>=|=|<|>`},
	{Name: "Number", Pattern: `\d+\.\d+([eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+`},
	{Name: "String", Pattern: `"(\\.|[^"\\\n])*"`},
	{Name: "Quoted", Pattern: `'(\\.|[^'\\\n])*'`},
	{Name: "Keyword", Pattern: `(then|or|par|not|and|is|in|mod)\b`},
	{Name: "Var", Pattern: `[A-Z][A-Za-z0-9_]*|_[A-Za-z0-9_]+`},
	{Name: "Wildcard", Pattern: `_`},
	{Name: "Ident", Pattern: `[a-z][A-Za-z0-9_]*`},
	{Name: "Punct", Pattern: `[()\[\]|,;.@&∧¬+*/-]`},
	{Name: "Unknown", Pattern: `.`},
}})

// divided compares the pieces of a text with those of the patterns.
func divided(t rapid.TB, text string) {
	kinds := map[lexer.TokenType]string{}
	for name, kind := range symbols {
		kinds[kind] = name
	}
	theirs := lexer.SymbolsByRune(patterns)
	want, err := patterns.LexString("text", text)
	if err != nil {
		t.Fatal(err)
	}
	got := newPieces("text", text)
	for {
		w, err := want.Next()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		g := got.next()
		if g.Value != w.Value || g.Pos != w.Pos || kinds[g.Type] != theirs[w.Type] {
			t.Fatalf("%q: got %s %q at %v, want %s %q at %v", text, kinds[g.Type], g.Value, g.Pos, theirs[w.Type], w.Value, w.Pos)
		}
		if g.EOF() {
			return
		}
	}
}

// TestPieces: texts are divided as the patterns say.
func TestPieces(t *testing.T) {
	for _, pattern := range []string{"../../models/*/*.lcc", "../../examples/*/*.lcc", "testdata/errors/*.lcc", "../testdata/bombs/*.lcc"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("got %v, %v, want texts in %s", names, err, pattern)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			divided(t, string(text[:min(len(text), 4000)]))
		}
	}
	parts := []string{
		" ", "\n", "\t", "\r", "\u00a0", "\u2003", "\u200c", "\ufeff", "%", "/", "*", "//", "/*", "*/",
		"<", "=", ">", "-", ":", "::", "←", "⇒", "⇐", "!", "\\", "\"", "'", "_", "a", "Z", "then", "or", "in", "mod",
		"e", "E", "0", "19", ".", "+", "(", ")", "[", "]", "|", ",", ";", "@", "&", "∧",
		"¬", "é", "\x80", "\xff", "{", "#", "~", "1.5e3", "is_", "not1",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, part := range rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12).Draw(t, "parts") {
			text += part
		}
		divided(t, text)
	})
}
