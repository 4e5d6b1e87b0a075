package editors_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/lcc/syntax"
)

// A class is a letter for each character of a text: what an editor takes it for.
//
//	c comment, s text in quotes, n number, k word of the language, v variable, a arrow
//
// Any other letter is something else.
var classes = map[string]byte{
	"Comment": 'c', "String": 's', "Quoted": 's', "Number": 'n', "Keyword": 'k', "Var": 'v', "Wildcard": 'v',
	"If": 'a', "Out": 'a', "In": 'a', "Define": 'a', "Neck": 'a',
}

const (
	space = ' ' // any class will do
	other = '.' // any class but those above
)

// expected says what the parser takes each character of a text for. It is nil of a text
// that is not divided into tokens to its end: there an editor may guess.
func expected(t *testing.T, text []byte) []byte {
	t.Helper()
	list := syntax.Lexemes(text)
	want := []byte(strings.Repeat(string(space), utf8.RuneCount(text)))
	at, offset := 0, 0 // the same place in characters and in bytes
	for _, l := range list {
		if l.Kind == "Unknown" || l.Kind == "Open" {
			return nil
		}
		at += utf8.RuneCount(text[offset:l.Offset])
		offset = l.Offset + len(l.Text)
		class, ok := classes[l.Kind]
		if !ok {
			class = other
		}
		for _, r := range l.Text {
			if r != '\n' && r != '\r' {
				want[at] = class
			}
			at++
		}
	}
	return want
}

// compare holds what an editor takes a text for against what the parser takes it for.
func compare(t *testing.T, m model, got []byte) {
	t.Helper()
	want := expected(t, m.text)
	if want == nil {
		return
	}
	if len(got) != len(want) {
		t.Errorf("%s: got classes of %d characters, want %d", m.name, len(got), len(want))
		return
	}
	line, column := 1, 1
	for i, r := range []rune(string(m.text)) {
		wrong := want[i] != space && got[i] != want[i]
		if want[i] == other {
			wrong = strings.IndexByte("csnkva", got[i]) >= 0
		}
		if wrong {
			from := []rune(strings.Split(string(m.text), "\n")[line-1])[column-1:]
			t.Errorf("%s:%d:%d: %q is taken for %q, want %q, in: %s", m.name, line, column, r, got[i], want[i],
				string(from[:min(len(from), 60)]))
			return
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
}

// outside hands all texts to a program, as files 0.lcc, 1.lcc and so on of a directory, and
// compares what the program has written beside each of them, as 0.lcc.classes.
func outside(t *testing.T, run func(dir string, names []string)) {
	t.Helper()
	dir := t.TempDir()
	list := texts(t)
	var names []string
	for i, m := range list {
		name := filepath.Join(dir, strconv.Itoa(i)+".lcc")
		if err := os.WriteFile(name, m.text, 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	run(dir, names)
	compared := 0
	for i, m := range list {
		if strings.ContainsAny(string(m.text), "\r\ufeff") || len(m.text) == 0 {
			continue // an editor counts these in its own way
		}
		got, err := os.ReadFile(names[i] + ".classes")
		if err != nil {
			t.Fatal(err)
		}
		compare(t, m, got)
		compared++
	}
	if compared < 100 {
		t.Errorf("got %d texts to compare, want more", compared)
	}
}
