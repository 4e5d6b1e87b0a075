package syntax

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"
	"github.com/cockroachdb/datadriven"
)

// TestFormat shows the formatter's output for texts; -rewrite writes it into the file
// for review.
func TestFormat(t *testing.T) {
	datadriven.RunTest(t, "testdata/format", func(t *testing.T, d *datadriven.TestData) string {
		out, errs := Format("text", []byte(d.Input+"\n"))
		if len(errs) > 0 {
			return errs[0].Error() + "\n"
		}
		again, errs := Format("text", out)
		if len(errs) > 0 || !bytes.Equal(out, again) {
			t.Errorf("formatted again:\n%s\n%v\nwant it as it is", again, errs)
		}
		return string(out)
	})
}

// TestFormatShipped: the shipped models are in their canonical form.
func TestFormatShipped(t *testing.T) {
	for _, name := range texts(t, "../../models/*/*.lcc") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out, errs := Format(name, text)
		if len(errs) > 0 {
			t.Fatal(errs[0])
		}
		if !bytes.Equal(text, out) {
			t.Errorf("%s is not formatted: run parley fmt -w %s", name, strings.TrimPrefix(name, "../../"))
		}
	}
}

func texts(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v, want texts in %s", names, err, pattern)
	}
	return names
}

// TestFormatKeepsComments: a comment is kept wherever space is allowed.
func TestFormatKeepsComments(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and much work: nothing for the race detector; go test without -short runs it")
	}
	for _, name := range texts(t, "../../models/*/*.lcc") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := scan(name, text)
		if len(s.errs) > 0 {
			t.Fatal(s.errs[0])
		}
		for _, comment := range []string{"% here\n", "/* here */", "\n// here\n\n", "/* on\n two lines */"} {
			for first := range 2 {
				with := commented(text, s.list, first*apart/2, comment)
				out, errs := Format(name, with)
				if len(errs) > 0 {
					t.Fatalf("%s with %q before each %d tokens from %d on: %v", name, comment, apart, first*apart/2, errs[0])
				}
				if again, errs := Format(name, out); len(errs) > 0 || !bytes.Equal(out, again) {
					t.Fatalf("%s with %q before each %d tokens from %d on is not the same when formatted again: %v", name, comment, apart, first*apart/2,
						errs)
				}
			}
		}
	}
}

// apart is the number of tokens between two comments that a test inserts: enough that
// neither affects how the other is formatted.
const apart = 97

// commented inserts a comment before every token at a distance of apart, from first on.
func commented(text []byte, list []lexer.Token, first int, comment string) []byte {
	var with []byte
	done := 0
	for i := first; i < len(list); i += apart {
		if i > 0 && list[i-1].Value == "@" {
			continue // the name of an annotation stands right behind it
		}
		at := list[i].Pos.Offset
		with = append(append(with, text[done:at]...), comment...)
		done = at
	}
	return append(with, text[done:]...)
}

// FuzzFormat: formatting is idempotent and keeps the meaning (which Format itself
// verifies).
func FuzzFormat(f *testing.F) {
	for _, pattern := range []string{"../../models/*/*.lcc", "../../models/*/testdata/*.lcc"} {
		for _, name := range texts(f, pattern) {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	f.Add("% a\n\n/* b */ p(1). // c\n/* d\n e */ q :- p(X), % f\n X > 1. % g\n@note(@a(1), \"x\")\n% h")
	f.Add("a(x, X) :: ( % a\n null or % b\n m => a(x, _) % c\n <- p(X) and % d\n q ) % e\n then ( /* f */ n <= a(y, Y) par null )")
	f.Fuzz(func(t *testing.T, text string) {
		if _, errs := Parse("text", []byte(text)); len(errs) > 0 {
			return
		}
		out, errs := Format("text", []byte(text))
		if len(out) > TextBytes || len(errs) > 0 && strings.Contains(errs[0].Message, "more than") {
			return // it has become longer
		}
		if len(errs) > 0 {
			t.Fatalf("%q: %v", text, errs[0])
		}
		again, errs := Format("text", out)
		if len(errs) > 0 || !bytes.Equal(out, again) {
			t.Fatalf("%q\nformatted: %q\nand again: %q, %v", text, out, again, errs)
		}
	})
}
