package version

import (
	"os"
	"regexp"
	"testing"
)

// The changelog and the package speak of the release that VERSION names.
func TestOneVersion(t *testing.T) {
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(Released()) {
		t.Fatalf("VERSION: got %q, want MAJOR.MINOR.PATCH", Released())
	}
	for file, want := range map[string]string{
		"../../CHANGELOG.md":         `(?m)^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$`,
		"../../packaging/version.sh": `\$\(cat (internal/version/VERSION)\)`,
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(want).FindSubmatch(text)
		if found == nil || string(found[1]) != Released() && string(found[1]) != "internal/version/VERSION" {
			t.Errorf("%s: got %q, want the version %s", file, found, Released())
		}
	}
}
