package models

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"sync"

	"parley/lcc/link"
)

// Each policy is a directory with its text, which has the same name, and its tests.
//
//go:embed */*.lcc */*.txtar
var files embed.FS

const (
	textExt = ".lcc"
	testExt = ".txtar"

	libraryDir = "library"
)

// Names returns the names of the shipped models, sorted.
func Names() (names []string) {
	for _, name := range entries(".") {
		if _, ok := Source(name); ok {
			names = append(names, name)
		}
	}
	return names
}

// Text returns the text of a shipped model with all that it imports, as hosts enact it.
// It accepts the name, with or without .lcc, and the path in the source:
// models/agility/agility.lcc, and models/agility.lcc as in earlier versions.
func Text(name string) ([]byte, bool) {
	text, ok := Source(name)
	if !ok {
		return nil, false
	}
	if text, ok := closedTexts.Load(bare(name)); ok {
		return bytes.Clone(text.([]byte)), true
	}
	closed, err := link.Close(bare(name)+textExt, text, Imported(nil))
	if err != nil {
		panic(fmt.Sprintf("models: %s: %v", name, err)) // it is embedded, and a test closes each
	}
	closedTexts.Store(bare(name), closed.Text)
	return bytes.Clone(closed.Text), true
}

// closedTexts keeps what Text has returned, by name: to close a text takes some
// milliseconds, and it never changes.
var closedTexts sync.Map

// Libraries returns the names of the shipped libraries, sorted.
func Libraries() (names []string) {
	for _, file := range entries(libraryDir) {
		if name, ok := strings.CutSuffix(file, textExt); ok {
			names = append(names, name)
		}
	}
	return names
}

// Library returns a shipped library, by the name under which texts import it.
func Library(name string) ([]byte, bool) {
	text, err := files.ReadFile(libraryDir + "/" + strings.TrimSuffix(strings.TrimPrefix(name, "models/library/"), textExt) + textExt)
	return text, err == nil
}

// Imported is where texts import from: shipped libraries, and files where they can be
// read.
func Imported(read func(name string) ([]byte, error)) link.Sources {
	return link.Sources{Read: read, Shipped: Library, Names: Libraries()}
}

// Source returns the text of a shipped model as it is written, with its imports.
func Source(name string) ([]byte, bool) {
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
