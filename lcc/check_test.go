package lcc

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"parley/lcc/syntax"
)

// checkVocabulary is what the host of the cases has.
var checkVocabulary = &Vocabulary{Predicates: []Signature{
	{Name: "load", Params: []Param{{Name: "Load", Mode: Out}}},
	{Name: "fits", Params: []Param{{Name: "Need", Mode: In}}},
	{Name: "reserve", Acts: true, Params: []Param{{Name: "Need", Mode: In}, {Name: "Deal", Mode: Out}}},
	{Name: "canMigrate", Params: []Param{{Name: "Capacity", Mode: In}, {Name: "Need", Mode: In}}},
	{Name: "overloaded", Params: []Param{{Name: "Need", Mode: Out}}},
	{Name: "underloaded", Params: []Param{{Name: "Capacity", Mode: Out}}},
}}

// TestCheck runs the cases in testdata/check: a text, and what is found in it.
// `go test ./lcc -run TestCheck -rewrite` writes the findings, to be read.
func TestCheck(t *testing.T) {
	datadriven.Walk(t, "testdata/check", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			text := d.Input
			if d.HasArg("file") {
				var name string
				d.ScanArgs(t, "file", &name)
				data, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				text = string(data)
			}
			var b strings.Builder
			_, diagnostics := Compile("text", []byte(text), checkVocabulary)
			for _, diagnostic := range diagnostics {
				fmt.Fprintln(&b, diagnostic)
			}
			if b.Len() == 0 {
				return "nothing\n"
			}
			return b.String()
		})
	})
}

// TestCheckBombs: what is found in the largest texts that are read is found
// soon, however they are made.
func TestCheckBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and much work: nothing for the race detector; go test without -short runs it")
	}
	fill := func(part string) string { return strings.Repeat(part, 60_000/len(part)) }
	numbered := func(format string, times int) string {
		var b strings.Builder
		for i := range times {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"branches that wait":    "a(x, I) :: go => a(y, J) then (" + strings.Repeat("m <= a(y, J) or ", 3000) + "null)\na(y, I) :: null",
		"roles that hand on":    numbered("a(r%d(X), I) :: a(r%d(X), I)\n", 1500),
		"values and branches":   "a(x, I) :: null <- " + numbered("p(X%d, Y%d), ", 1000) + "true then (" + numbered("p(X%d, Z%d) or ", 800) + "null)",
		"messages of two roles": "a(x, I) :: " + fill("go(1) => a(y, _) then ") + "null\na(y, I) :: " + "go(2) <= a(x, _)",
		"unknown constraints":   "a(x, I) :: null <- " + numbered("p%d(%d), ", 4000) + "true",
		"unknown, and rules":    "a(x, I) :: null <- " + numbered("p%d(a%d), ", 2000) + "true\n" + numbered("q%d(a%d).\n", 2000),
		"long names":            "a(x, I) :: " + strings.Repeat("b", 30_000) + " => a(" + strings.Repeat("c", 30_000) + ", _)",
		"a calculation":         "a(x, I) :: null <- X is " + strings.Repeat("1+", 120) + "1 and X > 1",
		"parentheses":           "a(x, I) :: " + strings.Repeat("(null or null then ", 120) + "null" + strings.Repeat(")", 120),
	} {
		file, errs := syntax.Parse("text", []byte(text))
		if len(errs) > 0 {
			t.Errorf("%s: got %v, want a text that is read", name, errs[0])
			continue
		}
		t.Run(name, func(t *testing.T) {
			spent(t, func() {
				Check(file, checkVocabulary)
				Explore(lower("text", []byte(text), file, checkVocabulary))
			})
		})
	}
}

// TestShippedModelsAreClean: the checker has nothing against models that were
// written with care. What hosts know is not told: that is hostagent's.
func TestShippedModelsAreClean(t *testing.T) {
	names, err := filepath.Glob("../models/*.lcc")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v, want the shipped models", names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, diagnostics := Compile(name, text, nil)
		for _, d := range diagnostics {
			t.Errorf("got %v, want nothing", d)
		}
	}
}
