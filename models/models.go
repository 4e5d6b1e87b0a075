package models

import (
	"embed"
	"strings"
)

// Each policy is a directory with its text, which has the same name, and its tests.
//
//go:embed */*.lcc */*.txtar
var files embed.FS

const (
	textExt = ".lcc"
	testExt = ".txtar"
)

// Names returns the names of the shipped models, sorted.
func Names() (names []string) {
	for _, name := range entries(".") {
		if _, ok := Text(name); ok {
			names = append(names, name)
		}
	}
	return names
}

// Text returns the text of a shipped model. It accepts the name, with or without .lcc,
// and the path in the source: models/agility/agility.lcc, and models/agility.lcc as in
// earlier versions.
func Text(name string) ([]byte, bool) {
	name = bare(name)
	text, err := files.ReadFile(name + "/" + name + textExt)
	return text, err == nil
}

// Tests returns the tests of a shipped model by file name.
func Tests(name string) map[string][]byte {
	found := map[string][]byte{}
	name = bare(name)
	for _, file := range entries(name) {
		if !strings.HasSuffix(file, testExt) {
			continue
		}
		text, err := files.ReadFile(name + "/" + file)
		if err != nil {
			panic(err) // it is embedded
		}
		found[file] = text
	}
	return found
}

func bare(name string) string {
	name = strings.TrimPrefix(strings.TrimSuffix(name, textExt), "models/")
	if dir, base, ok := strings.Cut(name, "/"); ok && dir == base {
		return base
	}
	return name
}

// entries lists the embedded files of a directory, sorted; none when it does not exist.
func entries(dir string) (names []string) {
	list, err := files.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, entry := range list {
		names = append(names, entry.Name())
	}
	return names
}
