package models

import (
	"embed"
	"sort"
	"strings"
)

//go:embed *.lcc
var files embed.FS

//go:embed *.txtar
var tests embed.FS

// Names returns the names of the shipped models, sorted.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the directory is embedded
	}
	var names []string
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), ".lcc"))
	}
	sort.Strings(names)
	return names
}

// Text returns the text of a shipped model.
func Text(name string) ([]byte, bool) {
	text, err := files.ReadFile(strings.TrimSuffix(name, ".lcc") + ".lcc")
	return text, err == nil
}

// Tests returns the tests of a shipped model by the names of their files, which
// begin with the model's.
func Tests(name string) map[string][]byte {
	name = strings.TrimSuffix(name, ".lcc")
	entries, err := tests.ReadDir(".")
	if err != nil {
		panic(err) // the directory is embedded
	}
	found := map[string][]byte{}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), name+"_") {
			continue
		}
		if found[entry.Name()], err = tests.ReadFile(entry.Name()); err != nil {
			panic(err) // it is embedded
		}
	}
	return found
}
