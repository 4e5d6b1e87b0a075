package models

import (
	"embed"
	"sort"
	"strings"
)

//go:embed *.lcc
var files embed.FS

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
