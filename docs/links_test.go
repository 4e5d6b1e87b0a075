package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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

// A link of a page leads to a file that is there.
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
		for _, link := range regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`).FindAllStringSubmatch(string(text), -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), link[1])); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", path, link[1])
			}
		}
		return err
	})
	if err != nil || pages < 20 || links < 30 {
		t.Errorf("got %d pages with %d links, %v", pages, links, err)
	}
}
