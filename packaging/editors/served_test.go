package editors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const faultyText = "r(x, initial).\na(x, X) :: m(Y) => a(y, _)\n"

var faultyFindings = []string{"2:14 LCC009", "2:20 LCC002"}

// served builds the command, and writes a text with faults for an editor to open.
func served(t *testing.T) (command, text string) {
	t.Helper()
	dir := t.TempDir()
	command, text = filepath.Join(dir, "parley"), filepath.Join(dir, "faulty.lcc")
	run(t, root, nil, "go", "build", "-tags", "libvirt_dlopen", "-o", command, "./cmd/parley")
	if err := os.WriteFile(text, []byte(faultyText), 0o600); err != nil {
		t.Fatal(err)
	}
	return command, text
}

func shown(t *testing.T, said string) {
	t.Helper()
	got := strings.Split(strings.TrimSpace(said), "\n")
	slices.Sort(got)
	if !slices.Equal(got, faultyFindings) {
		t.Errorf("the editor shows %q, want %q", got, faultyFindings)
	}
}

// TestVimServed: Vim with ALE shows what the server finds.
func TestVimServed(t *testing.T) {
	lab(t, "vim")
	const ale = "/usr/share/vim-ale"
	if _, err := os.Stat(ale); err != nil {
		t.Skip("ALE is not installed (Debian: vim-ale)")
	}
	command, text := served(t)
	out := filepath.Join(t.TempDir(), "out")
	env := []string{"LCC_VIM=" + absolute(t, "vim"), "LCC_ALE=" + ale, "LCC_OUT=" + out, "PARLEY=" + command, "LC_ALL=C.UTF-8"}
	run(t, filepath.Dir(text), env, "vim", "-es", "-u", "NONE", "-i", "NONE", "-n", "-S", absolute(t, "testdata/serve.vim"), text)
	said, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	shown(t, string(said))
}

// TestEmacsServed: Emacs with eglot shows what the server finds.
func TestEmacsServed(t *testing.T) {
	lab(t, "emacs")
	command, text := served(t)
	cmd := exec.Command("emacs", "--batch", "-q", "-l", absolute(t, "testdata/serve.el"), text)
	cmd.Env = append(os.Environ(), "LCC_EMACS="+absolute(t, "emacs"), "PARLEY="+command, "LC_ALL=C.UTF-8", "HOME="+t.TempDir())
	var log strings.Builder
	cmd.Stderr = &log
	said, err := cmd.Output()
	switch {
	case err != nil && strings.Contains(log.String(), `"eglot"`):
		t.Skip("eglot is not installed: Emacs has it from version 29 on, Debian 12 as elpa-eglot")
	case err != nil:
		t.Fatalf("%v\n%s", err, log.String())
	}
	shown(t, string(said))
}

const rightText = `r(buyer, initial).
r(seller, necessary).
@knows(wants(_))
a(buyer, B) :: ask(X) => a(seller, S) <- wants(X) then ((sold <= a(seller, S)) or (null <- failed(S)) or (null <- timeout(5)))
a(seller, S) :: ask(_) <= a(buyer, B) then sold => a(buyer, B)
`

// TestNeovimServed: the client that Neovim has shows what the server finds, goes to a
// definition, completes, renames and formats.
func TestNeovimServed(t *testing.T) {
	lab(t, "nvim")
	command, faulty := served(t)
	dir := t.TempDir()
	right, out := filepath.Join(dir, "right.lcc"), filepath.Join(dir, "out")
	if err := os.WriteFile(right, []byte(rightText), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"LCC_VIM=" + absolute(t, "vim"), "LCC_OUT=" + out, "PARLEY=" + command, "LC_ALL=C.UTF-8", "HOME=" + dir,
		"XDG_CONFIG_HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_STATE_HOME=" + dir, "XDG_CACHE_HOME=" + dir,
	}
	run(t, dir, env, "nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-S", absolute(t, "testdata/serve.lua"), faulty, right)
	said, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	findings, rest, _ := strings.Cut(string(said), "\n\n")
	shown(t, findings)
	want := `definition: 5:3
hover: timeout(+Seconds)
references: 3
completion: buyer seller
rename: ask(Item) => a(seller, S) <- wants(Item)
format: 1 change
`
	if rest != want {
		t.Errorf("Neovim shows\n%s\nwant\n%s", rest, want)
	}
}
