package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b.lcc"), "b")
	write(t, filepath.Join(dir, "a.lcc"), "a")
	write(t, filepath.Join(dir, "notes.txt"), "not a model")
	whole, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Files) != 2 || whole.Files[0].Path != "a.lcc" || whole.Files[1].Path != "b.lcc" {
		t.Errorf("got %v, want a.lcc and b.lcc", whole.Files)
	}
	one, err := Load(filepath.Join(dir, "a.lcc"))
	if err != nil {
		t.Fatal(err)
	}
	if one.Name != "a" || len(one.Files) != 1 || string(one.Files[0].Text) != "a" {
		t.Errorf("got %+v, want the file a", one)
	}
	write(t, filepath.Join(dir, "a.lcc"), "A")
	changed, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if changed.Digest == whole.Digest {
		t.Error("another text has the same digest")
	}
}

// The boundary between two files is a part of the digest.
func TestDigestBoundaries(t *testing.T) {
	digestOf := func(files map[string]string) [32]byte {
		dir := t.TempDir()
		for name, text := range files {
			write(t, filepath.Join(dir, name), text)
		}
		b, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		return b.Digest
	}
	if digestOf(map[string]string{"a.lcc": "xy", "b.lcc": ""}) == digestOf(map[string]string{"a.lcc": "x", "b.lcc": "y"}) {
		t.Error("two sets of files have the same digest")
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	write(t, secret, "secret")
	linked := filepath.Join(dir, "linked")
	if err := os.Mkdir(linked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(linked, "x.lcc")); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(dir, "large.lcc")
	write(t, large, strings.Repeat("%", FileBytes+1))
	for path, want := range map[string]string{
		filepath.Join(dir, "none"): "set policy.file",
		linked:                     "links are not followed",
		empty:                      "holds no .lcc file",
		large:                      "more than 65536",
	} {
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", path, err, want)
		}
	}
}
