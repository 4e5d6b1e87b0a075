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

// spoken names the files that say a word which the glossary rules out, with a reason.
var spoken = map[string]map[string]string{
	"../examples/scenarios/agility_day.yaml": {"vm": "CloudSim's name of these guests"},
	"../examples/scenarios/planetlab.yaml":   {"vm": "CloudSim's name of these guests"},
	"../models/power_saving/README.md":       {"VMs": "the talk's own words"},
	"../cmd/parley/drain.go":                 {"dry-run": "the name of a flag"},
	"../cmd/parley/migrate.go":               {"dry-run": "the name of a flag"},
}

// flagName is a flag in a text. Flags have their own spelling.
var flagName = regexp.MustCompile(`--[a-z-]+`)

// The words that the glossary rules out stand in no page, help, message or comment.
func TestGlossaryIsKept(t *testing.T) {
	_, table, _ := strings.Cut(page(t, "glossary.md"), "\n## Not these\n")
	var words []string
	for _, row := range regexp.MustCompile(`(?m)^\| (.+) \| .+ \| .+ \|$`).FindAllStringSubmatch(table, -1)[1:] {
		for word := range strings.SplitSeq(row[1], ", ") {
			words = append(words, strings.ReplaceAll(regexp.QuoteMeta(word), " ", `\s+`))
		}
	}
	if len(words) < 30 {
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
			keepsWords(t, path, not, prose(t, path))
		case filepath.Ext(path) == ".yaml" || filepath.Ext(path) == ".lcc":
			keepsWords(t, path, not, source(t, path))
		case filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go"):
			saysWords(t, path, not)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// prose returns the lines of a page, without what is set as code.
func prose(t *testing.T, path string) []string {
	lines := source(t, path)
	for i, line := range lines {
		lines[i] = regexp.MustCompile("`[^`]*`|^    .*").ReplaceAllString(line, "")
	}
	return lines
}

// source returns the lines of a file.
func source(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// keepsWords looks at each line, and at the end of a line with the beginning of the next.
func keepsWords(t *testing.T, path string, not *regexp.Regexp, lines []string) {
	for i, line := range lines {
		hits := not.FindAllString(line, -1)
		if i+1 < len(lines) && line != "" && lines[i+1] != "" {
			seam := strings.TrimSpace(line) + " " + strings.TrimLeft(lines[i+1], " #%")
			if at := not.FindStringIndex(seam); len(hits) == 0 && at != nil && at[0] < len(line) && not.FindString(lines[i+1]) == "" {
				hits = append(hits, seam[at[0]:at[1]])
			}
		}
		for _, word := range hits {
			if spoken[path][word] == "" {
				t.Errorf("%s:%d says %q: docs/glossary.md has a better word", path, i+1, word)
			}
		}
	}
}

// saysWords looks at the texts and comments of a Go file.
func saysWords(t *testing.T, path string, not *regexp.Regexp) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	says := func(at token.Pos, text string) {
		for _, word := range not.FindAllString(flagName.ReplaceAllString(text, ""), -1) {
			if spoken[path][word] == "" {
				t.Errorf("%s says %q: docs/glossary.md has a better word", files.Position(at), word)
			}
		}
	}
	for _, comment := range file.Comments {
		says(comment.Pos(), comment.Text())
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			value, _ := strconv.Unquote(text.Value)
			says(text.Pos(), value)
		}
		return true
	})
}
