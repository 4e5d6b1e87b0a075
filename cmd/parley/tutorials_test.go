package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/internal/walkthrough"
)

// TestTutorials runs the commands of the tutorials in a directory of their own, and compares
// every line of output on the pages with the real output.
func TestTutorials(t *testing.T) {
	if testing.Short() {
		t.Skip("the tutorials simulate, and wait for a demo: go test without -short runs them")
	}
	for name, least := range map[string]int{"tutorial-policy.md": 45, "tutorial-simulation.md": 10} {
		t.Run(name, func(t *testing.T) {
			steps, err := walkthrough.Read(read(t, "../../docs/"+name))
			if err != nil {
				t.Fatal(err)
			}
			if len(steps) < least {
				t.Fatalf("got %d commands, want at least %d: is the page read as it is written?", len(steps), least)
			}
			t.Setenv("PARLEY_DATA", "")
			t.Setenv("TMPDIR", shortDir(t)) // of the site that a page runs
			dir := shortDir(t)
			for _, s := range steps {
				if to, is := strings.CutPrefix(s.Command, "cd "); is {
					dir = filepath.Join(dir, to)
					continue
				}
				cmd := exec.Command("sh", "-c", s.Script())
				cmd.Dir = dir
				cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
				out, err := cmd.CombinedOutput()
				if strings.Contains(s.Command, " & ") { // what it left in the background ends at the latest with the test
					t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
				}
				if err != nil {
					t.Fatalf("%s:%d: %s: %v\n%s", name, s.Line, s.Command, err, out)
				}
				if missing := walkthrough.Missing(s.Shown, string(out)); missing != "" {
					t.Fatalf("%s:%d: %s: got\n%s\nwant the line %q", name, s.Line, s.Command, out, missing)
				}
			}
		})
	}
}

// shortDir is a directory in which the path of a socket has its place.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
