package check_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"parley/lcc"
	"parley/lcc/link"
	"parley/lcc/vocabulary"
	"parley/models"
)

// checkVocabulary is the vocabulary of the cases.
var checkVocabulary = &vocabulary.Set{Predicates: []vocabulary.Signature{
	{Name: "load", Params: []vocabulary.Param{{Name: "Load", Mode: vocabulary.Out, Type: "number"}}},
	{Name: "share", Params: []vocabulary.Param{
		{Name: "Resource", Mode: vocabulary.In, Type: "atom", Values: []string{"cpu", "memory", "disk"}},
		{Name: "Load", Mode: vocabulary.Out, Type: "number"},
	}},
	{Name: "guest", Params: []vocabulary.Param{
		{Name: "Guest", Mode: vocabulary.InOut, Type: "string"}, {Name: "Need", Mode: vocabulary.Out, Type: "need(Cores, MiB)"},
	}},
	{Name: "room", Params: []vocabulary.Param{{Name: "Need", Mode: vocabulary.In, Type: "need(Cores, MiB)"}}},
	{Name: "fits", Params: []vocabulary.Param{{Name: "Need", Mode: vocabulary.In}}},
	{Name: "reserve", Acts: true, Params: []vocabulary.Param{{Name: "Need", Mode: vocabulary.In}, {Name: "Deal", Mode: vocabulary.Out}}},
	{Name: "migrate", Acts: true, Params: []vocabulary.Param{
		{Name: "Deal", Mode: vocabulary.In}, {Name: "Guest", Mode: vocabulary.In}, {Name: "Host", Mode: vocabulary.In},
	}},
	{Name: "note", Acts: true, AtOnce: true, Params: []vocabulary.Param{{Name: "Name", Mode: vocabulary.In}, {Name: "Number", Mode: vocabulary.In}}},
	{Name: "noted", Params: []vocabulary.Param{
		{Name: "Name", Mode: vocabulary.In}, {Name: "Number", Mode: vocabulary.Out}, {Name: "Age", Mode: vocabulary.Out},
	}},
	{Name: "canMigrate", Params: []vocabulary.Param{{Name: "Capacity", Mode: vocabulary.In}, {Name: "Need", Mode: vocabulary.In}}},
	{Name: "overloaded", Params: []vocabulary.Param{{Name: "Need", Mode: vocabulary.Out}}},
	{Name: "pressure", Params: []vocabulary.Param{
		{Name: "Resource", Mode: vocabulary.In, Type: "atom", Values: []string{"cpu", "memory"}},
		{Name: "Share", Mode: vocabulary.Out, Type: "number", Unit: "share 0..1"},
	}},
	{Name: "goesBelow", Params: []vocabulary.Param{{Name: "Level", Mode: vocabulary.In, Type: "number", Unit: "share 0..1"}}},
	{Name: "underloaded", Params: []vocabulary.Param{{Name: "Capacity", Mode: vocabulary.Out}}},
}}

// TestCheck runs the cases in testdata/cases: a text and its findings. `go test
// ./lcc/check -run TestCheck -rewrite` writes the findings for review.
func TestCheck(t *testing.T) {
	datadriven.Walk(t, "testdata/cases", func(t *testing.T, path string) {
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
			_, diagnostics := lcc.Compile("text", []byte(text), checkVocabulary)
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

// TestShippedModelsAreClean: the checker reports nothing for the shipped models. It
// runs without a host's vocabulary, which belongs to hostagent.
func TestShippedModelsAreClean(t *testing.T) {
	names, err := filepath.Glob("../../models/*/*.lcc")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v, want the shipped models", names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		closed, err := link.Close(name, text, models.Imported(os.ReadFile))
		if err != nil {
			t.Fatal(err)
		}
		_, diagnostics := lcc.Compile(name, closed.Text, nil)
		for _, d := range diagnostics {
			t.Errorf("got %v, want nothing", d)
		}
	}
}
