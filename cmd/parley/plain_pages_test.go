package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPlainPages runs each command by itself that stands on a page which no test types as a
// whole, beside the examples and models of the repository, and holds it to its exit code.
func TestPlainPages(t *testing.T) {
	commands, dir := pageCommands(t), t.TempDir()
	copyCheckout(t, dir)
	t.Chdir(dir)
	ran := 0
	for _, c := range commands {
		if walkedPages[c.page] != "" || slices.Contains(upPages, c.page) || notRun[c.page][c.call] != "" {
			continue
		}
		ran++
		if out, code := typed(c.call); code != c.exit {
			t.Errorf("%s:%d: %s: exit %d, want %d: mend the page, or say in notRun why no test can run it\n%s",
				c.page, c.line, c.call, code, c.exit, out)
		}
	}
	if ran < 20 {
		t.Errorf("%d commands were run: are the pages read as they are written?", ran)
	}
}

// copyCheckout copies what commands of pages name from the repository.
func copyCheckout(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"examples", "models"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join("../..", name))); err != nil {
			t.Fatal(err)
		}
	}
}

// ofShell are the signs that only a shell reads.
const ofShell = "|<>;&$*~`\\"

// plainQuoted is a word that a shell takes as it is.
var plainQuoted = regexp.MustCompile(`'[^']*'|"[^"$]*"`)

// typed runs a command in the present directory: a call of parley in this process if no shell
// has to read it first, since a process costs more than most verbs.
func typed(command string) (string, int) {
	args := words(command)
	if args[0] == "parley" && !strings.ContainsAny(plainQuoted.ReplaceAllString(command, "x"), ofShell) {
		var out bytes.Buffer
		code := run(args[1:], strings.NewReader(""), &out, &out)
		return out.String(), code
	}
	out, err := exec.Command("sh", "-c", command).CombinedOutput()
	if err != nil {
		return string(out) + err.Error(), 1
	}
	return string(out), 0
}
