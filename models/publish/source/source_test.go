package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/models"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const model = "@import(\"../rooms/rooms.lcc\")\n@import(\"own.lcc\")\nr(x, initial).\na(x, X) :: null <- room(R) and own(R)\n"

// A directory has its models with what they import, and its libraries are none. The text
// of a release does not depend on where the directory is.
func TestLoad(t *testing.T) {
	files := map[string]string{
		"mine/mine.lcc": model, "mine/own.lcc": "@exports(own(_))\nown(1).\n", "rooms/rooms.lcc": "room(1).\n",
	}
	var before []byte
	for range 2 {
		dir := t.TempDir()
		write(t, dir, files)
		for _, path := range []string{filepath.Join(dir, "mine"), filepath.Join(dir, "mine", "mine.lcc")} {
			set, err := Load(path)
			if err != nil || len(set.Files) != 1 || set.Files[0].Path != "mine.lcc" {
				t.Fatalf("%s: got %v, %v, want the model", path, set.Files, err)
			}
			text := set.Files[0].Text
			whole := strings.Contains(string(text), "\nroom(1).") && strings.Contains(string(text), "\nown(1).")
			if !whole || before != nil && !bytes.Equal(text, before) {
				t.Errorf("%s: got\n%s\nbefore it was\n%s", path, text, before)
			}
			before = text
		}
	}
}

// A copy of a shipped policy is, with its libraries, the text that is shipped: hosts know
// it by its digest.
func TestShippedPolicy(t *testing.T) {
	for _, name := range models.Names() {
		dir := t.TempDir()
		source, _ := models.Source(name)
		write(t, dir, map[string]string{name + ".lcc": string(source)})
		set, err := Load(filepath.Join(dir, name+".lcc"))
		if want, _ := models.Text(name); err != nil || !bytes.Equal(set.Files[0].Text, want) {
			t.Errorf("%s: a copy is another text than the shipped one (%v)", name, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for want, files := range map[string]string{
		"there is no file":  "@import(\"gone.lcc\")\n",
		"holds libraries":   "@exports(p)\np.\n",
		"no shipped librar": "@import(gone)\n",
	} {
		dir := t.TempDir()
		write(t, dir, map[string]string{"x.lcc": files})
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
