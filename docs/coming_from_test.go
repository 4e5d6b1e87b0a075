package docs_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/lcc"
	"parley/lcc/check"
	"parley/models"
	"parley/sim/modeltest"
)

// TestComingFrom holds the pairs of texts of the page: on the left one of another language, on
// the right the same one for Parley. A left text in LCC has the findings that are named, a right
// one has none, and the example behind the pair passes with it.
func TestComingFrom(t *testing.T) {
	pairs, examples, read := 0, 0, 0
	var here string
	for _, b := range blocks(page(t, "coming-from.md")) {
		name := fmt.Sprintf("coming-from.md:%d", b.line)
		kind, codes, _ := strings.Cut(b.info, " ")
		switch kind {
		case "beside":
			pairs++
			var there string
			there, here = columns(t, name, b.text)
			if found := codesOf(name, here); len(found) > 0 {
				t.Errorf("%s: the right text has the findings %v", name, found)
			}
			if codes == "Scribble" {
				continue
			}
			read++
			if found := codesOf(name, there); strings.Join(found, " ") != codes {
				t.Errorf("%s: the left text has the findings %v, want %s", name, found, codes)
			}
			said := "finds in the left text: " + strings.Join(strings.Fields(codes), ", ") + "."
			if !strings.Contains(page(t, "coming-from.md"), said) {
				t.Errorf("%s: the page does not say: %s", name, said)
			}
		case "txtar":
			examples++
			test, err := modeltest.Load(name, []byte("-- m.lcc --\n"+here+b.text), modeltest.Sources{
				Read: os.ReadFile, Libraries: models.Imported(nil), Vocabulary: hostagent.Vocabulary(),
			})
			if err != nil {
				t.Error(err)
				continue
			}
			if r := test.Run(); !r.Passed() {
				t.Errorf("%s\n%s", r.Text(), strings.Join(r.Story, "\n"))
			}
		default:
			t.Errorf("%s: a block of %q, which nothing reads", name, b.info)
		}
	}
	if pairs != 4 || examples != 4 || read != 3 {
		t.Errorf("got %d pairs, %d examples and %d left texts in LCC, want 4, 4 and 3", pairs, examples, read)
	}
}

// columns are the two texts of a block.
func columns(t *testing.T, name, text string) (left, right string) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		l, r, ok := strings.Cut(line, "│")
		if !ok {
			t.Fatalf("%s: line %d has no second column", name, i+1)
		}
		left += strings.TrimRight(l, " ") + "\n"
		right += strings.TrimPrefix(r, " ") + "\n"
	}
	return left, right
}

// codesOf are the codes of errors and warnings of a text, each once, in their order.
func codesOf(name, text string) (codes []string) {
	_, found := lcc.Examine(name, []byte(text), nil)
	for _, d := range found {
		if d.Severity == check.Error || d.Severity == check.Warning {
			codes = append(codes, d.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Each part of the page says what is different and how to carry a text over.
func TestComingFromParts(t *testing.T) {
	parts := regexp.MustCompile(`(?m)^## `).Split(page(t, "coming-from.md"), -1)[1:]
	if len(parts) != 4 {
		t.Fatalf("got %d parts, want 4", len(parts))
	}
	for _, part := range parts {
		title, _, _ := strings.Cut(part, "\n")
		for _, want := range []string{"\n| ", "Missing there: ", "Missing here", "To carry a ", "\n4. "} {
			if !strings.Contains(part, want) && !strings.Contains(strings.ReplaceAll(part, "\n", " "), want) {
				t.Errorf("%s has no %q", title, want)
			}
		}
	}
}
