package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOutputs(t *testing.T) {
	dir := t.TempDir()
	old, fresh, unused := filepath.Join(dir, "old"), filepath.Join(dir, "fresh"), filepath.Join(dir, "unused")
	if err := os.WriteFile(old, []byte("what was there before, and longer"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	files := outputs{stdout: &stdout}
	open := func(flag, name string) *output {
		t.Helper()
		out, err := files.open(flag, name)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	replaced, made, standard := open("csv", old), open("json", fresh), open("html", "-")
	open("series", unused)
	if none := open("none", ""); none != nil || none.write(nil) != nil {
		t.Error("no name: want no output")
	}
	if text, _ := os.ReadFile(old); !strings.HasPrefix(string(text), "what was") {
		t.Errorf("before the first write: got %q, want the old content", text)
	}
	for _, out := range []*output{replaced, made, standard} {
		if err := out.write(func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{old, fresh} {
		if text, err := os.ReadFile(name); err != nil || string(text) != "new" {
			t.Errorf("%s: got %q and %v", name, text, err)
		}
	}
	if _, err := os.Stat(unused); !errors.Is(err, os.ErrNotExist) || stdout.String() != "new" {
		t.Errorf("got %v and %q, want no file that nobody wrote, and the standard output written", err, &stdout)
	}
}

func TestOutputsRefuse(t *testing.T) {
	dir := t.TempDir()
	files := outputs{stdout: io.Discard}
	defer files.close()
	for _, c := range []struct{ flag, name, want string }{
		{"csv", filepath.Join(dir, "nowhere", "x.csv"), "--csv: open "},
		{"csv", dir, "is a directory"},
		{"csv", filepath.Join(dir, "one"), ""},
		{"json", dir + "/./one", "--csv and --json are both "},
		{"json", "-", ""},
		{"html", "-", "--json - and --html -"},
	} {
		_, err := files.open(c.flag, c.name)
		if got := fmt.Sprint(err); (err == nil) != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("--%s %s: got %s, want %q", c.flag, c.name, got, c.want)
		}
	}
}
