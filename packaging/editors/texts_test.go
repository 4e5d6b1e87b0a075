// Package editors_test holds what editors know of LCC, their grammars, against the language
// itself: on every text of the repository each of them has to see what the parser sees.
package editors_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const root = "../.."

// model is a text in LCC of the repository.
type model struct {
	name string // with its file
	text []byte
}

// fenced is an example of a page, of which the language is LCC or a test with LCC in it.
var fenced = regexp.MustCompile("(?ms)^```(lcc|txtar)[^\n]*\n(.*?)^```$")

// texts are all texts of the repository: the files, those in tests of models, and the
// examples of pages.
func texts(t *testing.T) []model {
	t.Helper()
	var list []model
	counts := map[string]int{}
	add := func(name string, text []byte) {
		counts[filepath.Ext(strings.SplitN(name, ":", 2)[0])]++
		list = append(list, model{name, text})
	}
	archive := func(name string, data []byte) {
		for _, file := range txtar.Parse(data).Files {
			if filepath.Ext(file.Name) == ".lcc" {
				add(name+":"+file.Name, file.Data)
			}
		}
	}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch entry.Name() {
			case ".git", "build", "dist", "node_modules":
				return filepath.SkipDir
			}
			return nil
		}
		ext := filepath.Ext(path)
		if ext != ".lcc" && ext != ".txtar" && ext != ".md" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		switch ext {
		case ".lcc":
			add(path, data)
		case ".txtar":
			archive(path, data)
		case ".md":
			for _, block := range fenced.FindAllSubmatch(bytes.ReplaceAll(data, []byte("\r"), nil), -1) {
				if string(block[1]) == "lcc" {
					add(path+":example", block[2])
				} else {
					archive(path, block[2])
				}
			}
		}
		return nil
	})
	if err != nil || counts[".lcc"] < 60 || counts[".txtar"] < 20 || counts[".md"] < 60 {
		t.Fatalf("got %v texts, %v", counts, err)
	}
	return list
}
