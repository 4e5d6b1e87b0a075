package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// holds fails unless the directory has these files, each with its content and mode.
func holds(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = info.Mode().String() + " " + string(data)
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s: got %q, want %q", name, got[name], text)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is left", name)
	}
}

func TestWriteReplacesContentAndMode(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	for _, c := range []struct {
		data string
		mode fs.FileMode
		want string
	}{{"one", 0o600, "-rw------- one"}, {"two", 0o666, "-rw-rw-rw- two"}, {"", 0o644, "-rw-r--r-- "}} {
		if err := Write(path, []byte(c.data), c.mode); err != nil {
			t.Fatal(err)
		}
		holds(t, dir, map[string]string{"a": c.want})
	}
}

func TestFailedWriteLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	if err := Write(filepath.Join(dir, "none", "a"), nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: got %v, want %v", err, fs.ErrNotExist)
	}
	inside := filepath.Join(dir, "full", "b")
	if err := errors.Join(os.Mkdir(filepath.Dir(inside), 0o700), Write(inside, []byte("kept"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "full"), []byte("new"), 0o600); err == nil {
		t.Error("a directory was replaced by a file")
	}
	holds(t, filepath.Dir(inside), map[string]string{"b": "-rw------- kept"})
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v: what was written before the failure is left", entries, err)
	}
}

func TestCreateRefusesWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := Create(path, []byte("first"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want %v", err, fs.ErrExist)
	}
	holds(t, dir, map[string]string{"a": "-rw-r----- first"})
}

func TestRewriteKeepsModeAndLink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	target := filepath.Join(elsewhere, "target")
	if err := errors.Join(Write(target, []byte("old"), 0o750), os.Symlink(target, filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	if err := Rewrite(filepath.Join(dir, "link"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, elsewhere, map[string]string{"target": "-rwxr-x--- new"})
	if to, err := os.Readlink(filepath.Join(dir, "link")); err != nil || to != target {
		t.Errorf("the link: got %q, %v, want %q", to, err, target)
	}
	if err := Rewrite(filepath.Join(dir, "none"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such file: got %v, want %v", err, fs.ErrNotExist)
	}
}

// TestWritersAtOnce lets many write one file: the last to finish wins, as a whole.
func TestWritersAtOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	texts := []string{"one", "another", "a third"}
	failed := make(chan error)
	for _, text := range texts {
		go func() { failed <- Write(path, []byte(text), 0o600) }()
	}
	for range texts {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil || !slices.Contains(texts, string(data)) {
		t.Errorf("got %q, %v, want one of %q", data, err, texts)
	}
}
