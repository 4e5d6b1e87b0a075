package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse: no text makes the parser panic, every error has a message and lies inside
// the text, and a text without errors survives printing and parsing.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"../../models/*/*.lcc", "../../models/*/testdata/*.lcc", "testdata/errors/*.lcc"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatalf("got %v, %v, want texts in %s", names, err, pattern)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	for _, make := range nesting {
		f.Add(make(5))
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, errs := Parse("text", []byte(text))
		for _, err := range errs {
			if err.Line < 1 || err.Column < 1 || err.Offset < 0 || err.Offset > len(text) || err.Message == "" {
				t.Errorf("%q: got the error %+v, want one inside the text", text, err)
			}
			if lines := strings.Count(text, "\n") + 1; err.Line > lines {
				t.Errorf("%q: got an error in line %d of %d", text, err.Line, lines)
			}
			Snippet([]byte(text), err.Position)
		}
		switch {
		case file == nil && len(errs) == 0:
			t.Errorf("%q: got neither a file nor an error", text)
		case len(errs) == 0 && len(printItems(file.Items)) < TextBytes:
			roundTrip(t, text, file)
		}
	})
}
