package syntax

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestTrees runs the cases in testdata/trees. "tree" shows the tree of a text with the
// types of this package, "text" the output of Text. Both check that this output parses
// to the same tree. `go test ./lcc/syntax -run TestTrees -rewrite` writes them for
// review.
func TestTrees(t *testing.T) {
	datadriven.Walk(t, "testdata/trees", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			file, errs := Parse("text", []byte(d.Input))
			if len(errs) > 0 {
				d.Fatalf(t, "got the error %v, want none", errs[0])
			}
			roundTrip(t, d.Input, file)
			switch d.Cmd {
			case "tree":
				return dumpItems(file.Items, true)
			case "text":
				return printItems(file.Items)
			}
			d.Fatalf(t, "got the command %s, want tree or text", d.Cmd)
			return ""
		})
	})
}

func printItems(items []Item) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(Text(item) + "\n")
	}
	return b.String()
}

// roundTrip checks that a tree survives printing and parsing.
func roundTrip(t *testing.T, input string, file *File) {
	t.Helper()
	text := printItems(file.Items)
	again, errs := Parse("again", []byte(text))
	if len(errs) > 0 {
		t.Fatalf("the text printed of\n%s\nis\n%s\nand gives the error %v", input, text, errs[0])
	}
	if got, want := dumpItems(again.Items, false), dumpItems(file.Items, false); got != want {
		t.Fatalf("printed and read again:\n%s\ngot\n%s\nwant\n%s", text, got, want)
	}
}

// TestShippedModels: the models of this repository parse without errors and survive
// printing and parsing.
func TestShippedModels(t *testing.T) {
	names, err := filepath.Glob("../../models/*/*.lcc")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v, want the shipped models", names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, errs := Parse(name, text)
		for _, err := range errs {
			t.Error(err)
		}
		if len(errs) == 0 {
			roundTrip(t, string(text), file)
		}
	}
}

// TestErrors runs the texts in testdata/errors. A text has its expected errors in
// comments on the lines concerned:
//
//	a(x, I) :: null <- X<-1   %% column: what the message and the hint contain
//
// Another %% separates several on one line. An unexpected error fails the test, and so
// does an unmet expectation.
func TestErrors(t *testing.T) {
	names, err := filepath.Glob("testdata/errors/*.lcc")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v, want texts with errors", names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, errs := Parse(name, text)
			want := expectations(string(text))
			for _, err := range errs {
				if !met(want, err) {
					t.Errorf("got %v, want no such error", err)
				}
			}
			for at, part := range want {
				t.Errorf("%s:%s: got no error, want one with %q", name, at, part)
			}
		})
	}
}

// expectations maps "line:column" to the expected parts of the error there.
func expectations(text string) map[string]string {
	want := map[string]string{}
	for i, line := range strings.Split(text, "\n") {
		for _, part := range strings.Split(line, "%%")[1:] {
			column, message, _ := strings.Cut(strings.TrimSpace(part), ": ")
			want[fmt.Sprintf("%d:%s", i+1, column)] = message
		}
	}
	return want
}

// met removes the expectation that an error meets from want.
func met(want map[string]string, err *Error) bool {
	at := fmt.Sprintf("%d:%d", err.Line, err.Column)
	part, ok := want[at]
	if !ok || !strings.Contains(err.Error(), part) {
		return false
	}
	delete(want, at)
	return true
}

// TestUnread: the head of a clause that cannot be parsed is known, so that no missing
// role is reported where the role is entered.
func TestUnread(t *testing.T) {
	for text, want := range map[string]string{
		"a(b(X), I) :: then. p.":       "a(b(X), I)",
		"limit(X) :- X <- then. p.":    "limit(X)",
		"a(b(X, I) :: then. p.":        "a(b(X, I))", // repaired, but not as intended
		"5 :: then. p.":                "",
		"( :: then. p.":                "",
		"a(b, I) :: ((((((((((((x. p.": "a(b, I)",
	} {
		file, errs := Parse("text", []byte(text))
		if len(errs) == 0 || len(file.Items) != 1 {
			t.Errorf("%s: got %d errors and %d items, want an error, and p", text, len(errs), len(file.Items))
		}
		got := ""
		for _, head := range file.Unread {
			got += Text(head)
		}
		if got != want {
			t.Errorf("%s: got the unread heads %q, want %q", text, got, want)
		}
	}
}

func TestParseTerm(t *testing.T) {
	for text, want := range map[string]string{
		"overloaded(0.7)":     "overloaded(0.7)",
		" f ( [ a , X | T ])": "f([a, X|T])",
		"lamp":                "lamp",
	} {
		term, err := ParseTerm(text)
		if err != nil {
			t.Errorf("%s: got %v, want no error", text, err)
		} else if got := Text(term); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"":         "there is no term",
		"p(":       "breaks off",
		"p q":      `found "q"`,
		"p :- q":   "this is not a term",
		"@note(p)": "this is not a term",
		`p("\q")`:  `there is no escape \q`,
		"{":        "braces have no meaning",
		strings.Repeat("p(", 200) + strings.Repeat(")", 200): "nested deeper than 128",
	} {
		if _, err := ParseTerm(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", text, err, want)
		}
	}
}
