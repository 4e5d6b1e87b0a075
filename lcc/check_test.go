package lcc

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
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
