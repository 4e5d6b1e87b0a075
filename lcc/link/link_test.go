package link_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"parley/lcc"
	"parley/lcc/link"
	"parley/lcc/syntax"
	"parley/models"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into testdata; read the difference afterwards")

// sources are the files of an archive, and its sections shipped/NAME.lcc.
func sources(a *txtar.Archive) link.Sources {
	file := func(name string) ([]byte, error) {
		for _, f := range a.Files {
			if f.Name == name {
				return f.Data, nil
			}
		}
		return nil, fs.ErrNotExist
	}
	return link.Sources{Read: file, Names: []string{"deal", "loads"}, Shipped: func(name string) ([]byte, bool) {
		text, err := file("shipped/" + name + ".lcc")
		return text, err == nil
	}}
}

// TestCases closes the first text of each archive. What comes out, a closed text or the
// faults, is the section out; what the compiler finds in it is the section found.
func TestCases(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) < 10 {
		t.Fatalf("got %v, %v, want the cases", paths, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a := txtar.Parse(data)
		out, found := "", ""
		closed, err := link.Close(a.Files[0].Name, a.Files[0].Data, sources(a))
		if err != nil {
			out = err.Error() + "\n"
		} else {
			out = string(closed.Text)
			_, list := lcc.Compile(a.Files[0].Name, closed.Text, nil)
			for _, d := range list {
				found += d.Text(closed.Text) + "\n"
			}
			again, err := link.Close(a.Files[0].Name, closed.Text, link.Sources{})
			if err != nil || !bytes.Equal(again.Text, closed.Text) {
				t.Errorf("%s: a closed text is closed again: %v\n%s", path, err, again.Text)
			}
		}
		for i := range a.Files {
			switch f := &a.Files[i]; f.Name {
			case "out":
				if string(f.Data) != out && !*rewrite {
					t.Errorf("%s: got\n%swant\n%s", path, out, f.Data)
				}
				f.Data = []byte(out)
			case "found":
				if string(f.Data) != found && !*rewrite {
					t.Errorf("%s: found\n%swant\n%s", path, found, f.Data)
				}
				f.Data = []byte(found)
			}
		}
		if *rewrite {
			if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Each item of a closed policy that comes from a library stands there at the line that its
// position names.
func TestPositions(t *testing.T) {
	imported := 0
	for _, name := range models.Names() {
		text, _ := models.Text(name)
		file, errs := syntax.Parse(name+".lcc", text)
		if len(errs) > 0 {
			t.Fatal(errs[0])
		}
		for _, item := range file.Items {
			library, ok := strings.CutPrefix(item.Pos().File, "models/library/")
			if !ok {
				continue
			}
			imported++
			source, _ := models.Library(library)
			line := strings.Split(string(source), "\n")[item.Pos().Line-1]
			_, arguments, _ := strings.Cut(syntax.Text(item), "(")
			if arguments, _, _ = strings.Cut(arguments, ")"); !strings.Contains(line, arguments) || strings.HasPrefix(line, " ") {
				t.Errorf("%s: %s is said to stand in %s:%d, which has %q", name, syntax.Text(item), library, item.Pos().Line, line)
			}
		}
	}
	if imported < 50 {
		t.Errorf("got %d imported items in all policies, want many", imported)
	}
}

// A text that imports nothing stays as it is, whatever it is.
func TestUnchanged(t *testing.T) {
	for _, text := range []string{"", "a(x, X) :: null", "\xff", "% @imported\n", "r(x, initial). % @import(deal)\na(x, X) :: null"} {
		closed, err := link.Close("x.lcc", []byte(text), link.Sources{})
		if err != nil || string(closed.Text) != text || len(closed.Imports) > 0 {
			t.Errorf("%q: got %q, %v", text, closed.Text, err)
		}
	}
}

// A digest in an import holds the library to one text.
func TestDigest(t *testing.T) {
	library := []byte("p(1).\n")
	from := link.Sources{Read: func(string) ([]byte, error) { return library, nil }}
	text := "@import(\"l.lcc\")\nr(x, initial).\na(x, X) :: null <- p(_)\n"
	closed, err := link.Close("x.lcc", []byte(text), from)
	if err != nil || len(closed.Imports) != 1 {
		t.Fatal(closed, err)
	}
	digest := closed.Imports[0].Digest.String()
	pinned := []byte(strings.Replace(text, `"l.lcc"`, fmt.Sprintf(`"l.lcc", digest("%s")`, digest[:20]), 1))
	if _, err := link.Close("x.lcc", pinned, from); err != nil {
		t.Error(err)
	}
	library = []byte("p(2).\n")
	var open *link.Error
	if _, err := link.Close("x.lcc", pinned, from); !errors.As(err, &open) || !strings.Contains(err.Error(), "is another text") {
		t.Errorf("another text under the digest: got %v", err)
	}
}

// FuzzClose: whatever a text and a library are, the result is a closed text that can be
// read and stays as it is, or findings with a position in one of the two.
func FuzzClose(f *testing.F) {
	f.Add("@import(\"l.lcc\")\nr(x, initial).\na(x, X) :: null <- p(_)", "@exports(p(_))\np(X) :- q(X).\nq(1).\n")
	f.Add("@import(\"l.lcc\", p(_), renamed(p(_), q))\na(x, X) :: null <- q(_)", "p('a b'). p(X) :- not p(X), findall(Y, p(Y), X).\n")
	f.Add("@import(\"l.lcc\", renamed(go, came))\na(x, X) :: a(y, X)\n%@ line 7 of \"z\"",
		"@takes(x)\nr(y, auxiliary).\na(y, Y) :: go => a(x, _) then a(x, Y)")
	f.Fuzz(func(t *testing.T, text, library string) {
		from := link.Sources{Read: func(string) ([]byte, error) { return []byte(library), nil }}
		closed, err := link.Close("x.lcc", []byte(text), from)
		var open *link.Error
		switch {
		case errors.As(err, &open):
			if len(open.Found) == 0 || err.Error() == "" {
				t.Fatalf("an error without a finding: %v", err)
			}
			return
		case err != nil:
			t.Fatal(err)
		case !bytes.Equal(closed.Text, []byte(text)):
			if _, errs := syntax.Parse("x.lcc", closed.Text); len(errs) > 0 {
				t.Fatalf("the closed text cannot be read: %v\n%s", errs[0], closed.Text)
			}
			again, err := link.Close("x.lcc", closed.Text, link.Sources{})
			if err != nil || !bytes.Equal(again.Text, closed.Text) {
				t.Fatalf("closed again it is another text (%v):\n%s\n%s", err, closed.Text, again.Text)
			}
		}
	})
}
