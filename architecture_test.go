package parley_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// docs/architecture.md is the map of the packages: each of them is on it, alone or
// with the folder that it is in, and no other.
func TestArchitectureNamesEveryPackage(t *testing.T) {
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Packages\n")
	table, _, _ = strings.Cut(table, "\n## ")
	named := map[string]bool{}
	for _, line := range regexp.MustCompile("(?m)^\\| (`[^|]+) \\|").FindAllStringSubmatch(table, -1) {
		for _, name := range strings.Split(line[1], ", ") {
			name = strings.Trim(name, "`")
			named[name] = true
			if info, err := os.Stat(name); err != nil || !info.IsDir() {
				t.Errorf("the page names the package %s, which is not there", name)
			}
		}
	}
	for dir := range directImports(t) {
		found := false
		for at := dir; at != "."; at = path.Dir(at) {
			found = found || named[at]
		}
		if !found && dir != "docs" && !strings.HasPrefix(dir, "packaging") {
			t.Errorf("docs/architecture.md does not name the package %s: say there what it is", dir)
		}
	}
}
