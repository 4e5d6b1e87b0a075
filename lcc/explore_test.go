package lcc

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"parley/lcc/check"
	linking "parley/lcc/link"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
	"parley/models"
)

// TestExplore explores the texts in testdata/explore; -rewrite writes the findings into
// the files. With the argument host the constraints are those of testHost.
func TestExplore(t *testing.T) {
	datadriven.Walk(t, "testdata/explore", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			file, errs := syntax.Parse("text", []byte(d.Input))
			if len(errs) > 0 {
				return errs[0].Error() + "\n"
			}
			var out strings.Builder
			var host *vocabulary.Set
			if d.HasArg("host") {
				host = testHost
			}
			for _, found := range Explore(lower("text", []byte(d.Input), file, host)) {
				out.WriteString(found.Text([]byte(d.Input)) + "\n")
			}
			return out.String()
		})
	})
}

// TestExploreShipped: exploration finds no fault in the shipped models and the
// examples. An incomplete exploration is allowed.
func TestExploreShipped(t *testing.T) {
	for _, pattern := range []string{"../models/*/*.lcc", "../examples/*/*.lcc"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("got %v, %v, want models in %s", names, err, pattern)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			closed, err := linking.Close(name, text, models.Imported(os.ReadFile))
			if err != nil {
				t.Fatal(err)
			}
			text = closed.Text
			model, found := Examine(name, text, nil)
			if model == nil {
				t.Fatal(found)
			}
			for _, d := range found {
				if d.Severity != check.Info {
					t.Errorf("got %s", d.Text(text))
				}
			}
		}
	}
}

// TestExploreBounds: exploration stops within its bounds, whatever the text.
func TestExploreBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and much work: nothing for the race detector; go test without -short runs it")
	}
	for name, text := range map[string]string{
		"many pars":   "r(x, initial). a(x, X) :: " + strings.Repeat("(", 60) + "null <- p" + strings.Repeat(" par m => a(x, _))", 60),
		"wide choice": "r(x, initial). a(x, X) :: (m => a(x, _)" + strings.Repeat(" or m => a(x, _)", 900) + ") then a(x, X)",
		"many roles":  manyRoles(300),
	} {
		model, found := Compile("text", []byte(text), nil)
		if model == nil {
			t.Fatalf("%s: %v", name, found)
		}
		x := newExplorer(model, exploreWork)
		x.run()
		// A look that has begun is completed.
		if most := exploreWork + 10_000; exploreWork-x.left > most {
			t.Errorf("%s: got %d looks, want at most %d", name, exploreWork-x.left, most)
		}
	}
}

func manyRoles(n int) string {
	var b strings.Builder
	for i := range n {
		id := strings.Repeat("i", i%20) + "x" + strings.Repeat("j", i/20)
		b.WriteString("r(" + id + ", initial). a(" + id + ", X) :: m => a(" + id + ", _) then n <= a(" + id + ", Y)\n")
	}
	return b.String()
}
