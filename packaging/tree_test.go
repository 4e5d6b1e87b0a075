//go:build linux

package packaging_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tree looks at what `make install` installs.
func tree(t *testing.T, binary string) {
	dest := t.TempDir()
	vars := []string{"DESTDIR=" + dest, "PREFIX=/opt/parley", "BINARY=" + binary}
	script(t, "./install.sh", vars)
	usr := filepath.Join(dest, "opt/parley")
	for _, name := range []string{
		"bin/parley", "share/man/man1/parley.1.gz", "share/man/man1/parley-sim-compare.1.gz", "share/zsh/site-functions/_parley",
		"share/bash-completion/completions/parley", "share/fish/vendor_completions.d/parley.fish", "lib/sysusers.d/parley.conf",
		"share/parley/schemas/parley.schema.json", "share/parley/prometheus/parley.rules.yml", "share/parley/containers.conf",
		"share/parley/editors/vim/syntax/lcc.vim", "share/parley/editors/emacs/lcc-mode.el",
		"share/parley/editors/tree-sitter/src/parser.c", "share/parley/editors/vscode/syntaxes/lcc.tmLanguage.json",
		"share/doc/parley/docs/model/deal.pml",
		"share/doc/parley/docs/results/hot_spots.html", "share/doc/parley/examples/scenarios/hot_spots.yaml",
		"share/doc/parley/examples/vickrey/vickrey.lcc", "share/doc/parley/models/shop/shop_sold.txtar",
	} {
		if _, err := os.Stat(filepath.Join(usr, name)); err != nil {
			t.Error(err)
		}
	}
	for name, want := range map[string]string{
		filepath.Join(usr, "lib/systemd/system/parley.service"):                "ExecStart=/opt/parley/bin/parley agent",
		filepath.Join(dest, "etc/libvirt/hooks/qemu.d/50-parley"):              "exec /opt/parley/bin/parley hook",
		filepath.Join(dest, "etc/parley/parley.yaml"):                          "host",
		filepath.Join(usr, "share/parley/models/agility/agility.lcc"):          "a(",
		filepath.Join(usr, "share/doc/parley/models/agility/README.md"):        "agility",
		filepath.Join(usr, "share/doc/parley/copyright"):                       "Apache-2.0",
		filepath.Join(usr, "share/doc/parley/docs/policies/README.md"):         "agility",
		filepath.Join(usr, "share/doc/parley/examples/contract_net/README.md"): "contract",
	} {
		if text := string(read(t, name)); !strings.Contains(text, want) {
			t.Errorf("%s lacks %q", name, want)
		}
	}
	links(t, filepath.Join(usr, "share/doc/parley"))
	policies(t, filepath.Join(usr, "share/parley/models"))

	// A second installation leaves what the operator has written.
	configuration := filepath.Join(dest, "etc/parley/parley.yaml")
	if err := os.WriteFile(configuration, []byte("host: mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	script(t, "./install.sh", vars)
	if got := string(read(t, configuration)); got != "host: mine\n" {
		t.Errorf("the configuration after a second installation: got %q", got)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// links holds that each link of an installed page leads to an installed file.
func links(t *testing.T, doc string) {
	pages, found := 0, 0
	err := filepath.WalkDir(doc, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		pages++
		for _, to := range link.FindAllStringSubmatch(string(read(t, path)), -1) {
			found++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), to[1])); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", path, to[1])
			}
		}
		return nil
	})
	if err != nil || pages < 20 || found < 30 {
		t.Errorf("got %d pages with %d links, %v", pages, found, err)
	}
}

// policies holds that policy.file can name each directory: it has the texts of one
// policy, and nothing that is no policy.
func policies(t *testing.T, dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 10 {
		t.Fatalf("got %d policies, %v", len(entries), err)
	}
	for _, e := range entries {
		texts, err := os.ReadDir(filepath.Join(dir, e.Name()))
		if err != nil || len(texts) != 1 || texts[0].Name() != e.Name()+".lcc" || e.Name() == "shop" {
			t.Errorf("%s: got %v, %v, want the text of one policy", e.Name(), texts, err)
		}
	}
}
