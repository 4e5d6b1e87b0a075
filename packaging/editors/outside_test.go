package editors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lab skips a test that runs programs which do not belong to Parley, where they are missing.
func lab(t *testing.T, programs ...string) {
	t.Helper()
	if os.Getenv("PARLEY_LAB") == "" {
		t.Skip("real editors run in `sudo make test` (PARLEY_LAB=1)")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed", p)
		}
	}
}

// run runs a program, and returns what it prints.
func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args[:min(3, len(args))], " "), err, out)
	}
	return string(out)
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVimColours(t *testing.T) {
	lab(t, "vim")
	outside(t, func(dir string, names []string) {
		args := append([]string{"-es", "-u", "NONE", "-i", "NONE", "-n", "-S", absolute(t, "testdata/classes.vim")}, names...)
		run(t, dir, []string{"LCC_VIM=" + absolute(t, "vim"), "LC_ALL=C.UTF-8"}, "vim", args...)
	})
}

func TestEmacsColours(t *testing.T) {
	lab(t, "emacs")
	outside(t, func(dir string, names []string) {
		args := append([]string{"--batch", "-Q", "-l", absolute(t, "testdata/classes.el")}, names...)
		run(t, dir, []string{"LCC_EMACS=" + absolute(t, "emacs"), "LC_ALL=C.UTF-8"}, "emacs", args...)
	})
}

// TestEmacsCompiles: the mode has no warning of the compiler.
func TestEmacsCompiles(t *testing.T) {
	lab(t, "emacs")
	dir := t.TempDir()
	text, err := os.ReadFile("emacs/lcc-mode.el")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lcc-mode.el"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, dir, nil, "emacs", "--batch", "-Q", "--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", "lcc-mode.el")
}
