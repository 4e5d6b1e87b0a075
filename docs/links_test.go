package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/models"
)

// The list of policies has a row for each, which leads to its page, and no other.
func TestPoliciesAreListed(t *testing.T) {
	listed := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| \[(\w+)\]\(\.\./\.\./models/(\w+)/README\.md\) \| .+ \| .+ \|$`).
		FindAllStringSubmatch(page(t, "policies/README.md"), -1) {
		if row[1] != row[2] || listed[row[1]] {
			t.Errorf("policies/README.md: the row of %s leads to %s, or is not the only one", row[1], row[2])
		}
		listed[row[1]] = true
	}
	for _, name := range models.Names() {
		if name != "shop" && !listed[name] { // which is no policy
			t.Errorf("policies/README.md does not list %s", name)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("policies/README.md lists %s, which is not shipped", name)
	}
}

// A link of a page leads to a file that is there, and to a heading of it.
func TestLinks(t *testing.T) {
	pages, links := 0, 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		hidden := path != ".." && strings.HasPrefix(entry.Name(), ".")
		if err == nil && entry.IsDir() && (hidden || entry.Name() == "build" || entry.Name() == "dist") {
			return filepath.SkipDir
		}
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		pages++
		text, err := os.ReadFile(path)
		for _, link := range regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`).FindAllStringSubmatch(string(text), -1) {
			links++
			to := path
			if link[1] != "" {
				to = filepath.Join(filepath.Dir(path), link[1])
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", path, link[1])
			} else if link[2] != "" && !slices.Contains(headings(t, to), link[2]) {
				t.Errorf("%s: %s has no heading for the link to #%s", path, to, link[2])
			}
		}
		return err
	})
	if err != nil || pages < 20 || links < 30 {
		t.Errorf("got %d pages with %d links, %v", pages, links, err)
	}
}

// headings returns the names by which links lead to the headings of a page, as GitHub makes
// them.
func headings(t *testing.T, path string) (names []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(string(text), -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(found[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}
