package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Each term of the glossary stands once, in order, with what it means.
func TestGlossaryIsInOrder(t *testing.T) {
	terms, _, _ := strings.Cut(page(t, "glossary.md"), "\n## Not these\n")
	var list []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.+) \| (.+)\.(?: \(\[.*)? \|$`).FindAllStringSubmatch(terms, -1) {
		list = append(list, strings.ToLower(row[1]))
	}
	if rows := strings.Count(terms, "\n| ") - 1; len(list) != rows || rows < 40 {
		t.Errorf("%d of %d rows have a term and a sentence", len(list), rows)
	}
	if sorted := slices.Compact(slices.Sorted(slices.Values(list))); !slices.Equal(list, sorted) {
		t.Errorf("the terms are not in order, or one stands twice: %q", list)
	}
}

// The words that the glossary says are not used stand in no page and in no message.
func TestGlossaryIsKept(t *testing.T) {
	_, table, _ := strings.Cut(page(t, "glossary.md"), "\n## Not these\n")
	var words []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.+) \| .+ \| .+ \|$`).FindAllStringSubmatch(table, -1)[1:] {
		words = append(words, regexp.QuoteMeta(row[1]))
	}
	if len(words) < 10 {
		t.Fatalf("got %d words, want the whole table", len(words))
	}
	not := regexp.MustCompile(`(?i)\b(` + strings.Join(words, "|") + `)\b`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		if err == nil && entry.IsDir() && (name == "testdata" || name == "build" || name == "dist" || path != ".." &&
			strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		switch {
		case err != nil || entry.IsDir():
			return err
		case filepath.Ext(path) == ".md" && name != "glossary.md" && name != "CHANGELOG.md":
			return keepsWords(t, path, not)
		case filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go"):
			return saysWords(t, path, not)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keepsWords looks at the lines of a page, without what is set as code.
func keepsWords(t *testing.T, path string, not *regexp.Regexp) error {
	text, err := os.ReadFile(path)
	for i, line := range strings.Split(string(text), "\n") {
		prose := regexp.MustCompile("`[^`]*`").ReplaceAllString(line, "")
		if word := not.FindString(prose); word != "" && !strings.HasPrefix(line, "    ") {
			t.Errorf("%s:%d says %q: docs/glossary.md has a better word", path, i+1, word)
		}
	}
	return err
}

// saysWords looks at the texts of a Go file.
func saysWords(t *testing.T, path string, not *regexp.Regexp) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			value, _ := strconv.Unquote(text.Value)
			if word := not.FindString(value); word != "" {
				t.Errorf("%s says %q: docs/glossary.md has a better word", files.Position(text.Pos()), word)
			}
		}
		return true
	})
	return nil
}
