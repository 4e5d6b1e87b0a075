package check_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/models"
)

// shippedTexts are the models and examples, with what they import.
func shippedTexts(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"../../models/*/*.lcc", "../../examples/*/*.lcc"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("got %v, %v, want texts in %s", names, err, pattern)
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
			texts[name] = string(closed.Text)
		}
	}
	return texts
}

// TestOneMistakeOneFinding takes single characters out of texts without findings. Most of those
// that can no longer be read have one finding, and not others that follow from it, and so have
// most of the others, such as those with a misspelt name.
func TestOneMistakeOneFinding(t *testing.T) {
	each := 20
	if testing.Short() {
		each = 6
	}
	texts := shippedTexts(t)
	unreadable, more, other, otherMore := 0, 0, 0, 0
	table := map[string][2]int{}
	for n, name := range sortedKeys(texts) {
		text := texts[name]
		if _, found := lcc.Compile("text", []byte(text), nil); len(found) > 0 {
			t.Errorf("%s: got %v before anything is taken out", name, found)
			continue
		}
		for k := range each {
			at := (k*len(text)/each + n*13) % len(text)
			for strings.IndexByte("\n\t %", text[at]) >= 0 {
				at = (at + 1) % len(text)
			}
			_, found := lcc.Compile("text", []byte(text[:at]+text[at+1:]), nil)
			if !slices.ContainsFunc(found, func(d check.Diagnostic) bool { return d.Code == "LCC001" }) {
				if other++; len(found) > 1 {
					otherMore++
					t.Logf("%s without the %q of %q: %v", name, text[at], text[max(0, at-20):min(at+20, len(text))], found)
				}
				continue
			}
			unreadable++
			c := table[text[at:at+1]]
			if c[0]++; len(found) > 1 {
				more++
				c[1]++
				t.Logf("%s without the %q of %q: %v", name, text[at], text[max(0, at-20):min(at+20, len(text))], found)
			}
			table[text[at:at+1]] = c
		}
	}
	t.Logf("%d texts cannot be read, %d of them have more than one finding; of %d others %d have", unreadable, more, other, otherMore)
	var lines []string
	for _, c := range sortedKeys(table) {
		lines = append(lines, fmt.Sprintf("%s %d of %d", c, table[c][1], table[c][0]))
	}
	t.Log(strings.Join(lines, "\n"))
	if more*20 > unreadable {
		t.Errorf("%d of %d texts with one mistake have more than one finding, want at most one in twenty", more, unreadable)
	}
	if otherMore*20 > other {
		t.Errorf("%d of %d texts that can be read have more than one finding, want at most one in twenty", otherMore, other)
	}
}

func sortedKeys[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
