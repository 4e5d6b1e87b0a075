package syntax

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestParser: a parser that has parsed a text before says of each change of it what one says
// that has not, and parses only the item that has changed.
func TestParser(t *testing.T) {
	names, err := filepath.Glob("../../models/*/*.lcc")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v, want texts", names, err)
	}
	for _, name := range names[:min(len(names), 2)] {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		var p Parser
		p.Parse(name, data)
		for i := 0; i < len(text); i += 397 {
			for _, change := range []string{
				text[:i] + text[i+1:], text[:i] + "\n" + text[i:], text[:i] + "x" + text[i:], "%@ line 3 of deal\n" + text,
			} {
				known := len(p.items)
				got, gotErrs := p.Parse("changed", []byte(change))
				want, wantErrs := Parse("changed", []byte(change))
				if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotErrs, wantErrs) {
					t.Fatalf("%s, byte %d: got\n%s%v\nwant\n%s%v", name, i, printItems(got.Items), gotErrs, printItems(want.Items), wantErrs)
				}
				if n := len(p.items) - known; n > 3 {
					t.Fatalf("%s, byte %d: %d items are parsed, want those that have changed", name, i, n)
				}
			}
		}
		for range 2 {
			got, _ := p.Format(name, data)
			if want, _ := Format(name, data); string(got) != string(want) {
				t.Errorf("%s: got another format from a parser that knows the text", name)
			}
		}
	}
}

// TestParserBound: a parser forgets.
func TestParserBound(t *testing.T) {
	var p Parser
	for i := range 40 {
		p.Parse("text", []byte(fmt.Sprintf("fact(%d, %q).", i, strings.Repeat("x", TextBytes-100))))
		if p.bytes > parserBytes+TextBytes || len(p.items) > 9 {
			t.Fatalf("after %d texts: %d bytes in %d items, want at most %d", i, p.bytes, len(p.items), parserBytes)
		}
	}
}
