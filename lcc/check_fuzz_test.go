package lcc

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"parley/lcc/check"
	"parley/lcc/vocabulary"
)

// FuzzCompile: no text makes the checker or the compiler panic; there is a model
// exactly when no finding is an error; and findings are in text order, distinct, have a
// code, and lie inside the text.
func FuzzCompile(f *testing.F) {
	for _, pattern := range []string{"../models/*/*.lcc", "../models/*/testdata/*.lcc", "syntax/testdata/errors/*.lcc",
		"check/testdata/cases/*"} {
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
			for _, c := range regexp.MustCompile(`(?s)\ncheck\n(.*?)----`).FindAllStringSubmatch(string(text), -1) {
				f.Add(c[1])
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, host := range []*vocabulary.Set{nil, testHost} {
			model, diagnostics := Compile("text", []byte(text), host)
			seen := map[check.Diagnostic]bool{}
			errors, before := 0, 0
			for _, d := range diagnostics {
				if d.Severity == check.Error {
					errors++
				}
				if d.Pos.Offset < before || d.Pos.Offset > len(text) || d.Code == "" || d.Message == "" || seen[d] {
					t.Errorf("got the finding %+v, want it once, in order and in the text", d)
				}
				before, seen[d] = d.Pos.Offset, true
			}
			if (model == nil) != (errors > 0) {
				t.Errorf("got %d errors and the model %v", errors, model)
			}
		}
	})
}
