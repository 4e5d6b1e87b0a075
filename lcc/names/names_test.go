package names

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/lcc/syntax"
)

// In each text of the repository every use is where its name is written; with another name
// for one of its roles it has no error and as many uses.
func TestAllTexts(t *testing.T) {
	texts := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".lcc") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, errs := syntax.Parse(path, text)
		if len(errs) > 0 {
			return nil
		}
		texts++
		index := Of(file, text)
		for _, use := range index.uses {
			written := string(text[use.Offset : use.Offset+use.Length])
			if written != use.Name && written[0] != '\'' {
				t.Errorf("%s:%d: %q stands where %s %s is said to be", path, use.Line, written, use.Kind, use.Name)
			}
			if at, ok := index.At(use.Offset); !ok || at.Symbol != use.Symbol {
				t.Errorf("%s:%d: at %s %s there is %v", path, use.Line, use.Kind, use.Name, at.Symbol)
			}
		}
		if roles := index.Symbols(Role); len(roles) > 0 {
			renamed(t, path, text, index, roles[texts%len(roles)].Symbol)
		}
		return nil
	})
	if err != nil || texts < 20 {
		t.Fatalf("%d texts: %v", texts, err)
	}
}

func renamed(t *testing.T, path string, text []byte, index *Index, role Symbol) {
	places, err := index.Rename(role, "another_name")
	if err != nil {
		t.Fatal(err)
	}
	out := string(text)
	for i := len(places) - 1; i >= 0; i-- {
		out = out[:places[i].Offset] + "another_name" + out[places[i].Offset+places[i].Length:]
	}
	file, errs := syntax.Parse(path, []byte(out))
	again := Of(file, []byte(out))
	if len(errs) > 0 || len(again.uses) != len(index.uses) || len(again.Uses(Symbol{Kind: Role, Name: role.Name})) > 0 ||
		len(again.Uses(Symbol{Kind: Role, Name: "another_name"})) != len(places) {
		t.Errorf("%s: role %s with another name: %v", path, role.Name, errs)
	}
}
