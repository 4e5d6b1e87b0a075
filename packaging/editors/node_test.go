package editors_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// modules installs what the tests need of node, as testdata/node/package-lock.json has it,
// and returns its directory. Nothing of it runs a script.
func modules(t *testing.T) string {
	t.Helper()
	lab(t, "node", "npm")
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join("testdata/node", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, dir, nil, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	return filepath.Join(dir, "node_modules")
}

// TestTextMateColours: the grammar of VS Code in the engine of VS Code.
func TestTextMateColours(t *testing.T) {
	node := modules(t)
	outside(t, func(dir string, names []string) {
		args := append([]string{absolute(t, "testdata/classes.mjs"), node, absolute(t, "vscode/syntaxes/lcc.tmLanguage.json")}, names...)
		run(t, dir, nil, "node", args...)
	})
}

// manifest is what the tests read of an extension's package.json.
type manifest struct {
	Name, Publisher, Version, Main string
	Engines                        map[string]string
	Files                          []string
	Contributes                    struct {
		Languages []struct {
			ID            string
			Extensions    []string
			Configuration string
		}
		Grammars []struct{ Language, ScopeName, Path string }
	}
}

// TestVSCodeManifest: what the manifest names is there, and its files can be read.
func TestVSCodeManifest(t *testing.T) {
	var m manifest
	readJSON(t, "vscode/package.json", &m)
	language, grammar := m.Contributes.Languages[0], m.Contributes.Grammars[0]
	if language.ID != "lcc" || !slices.Equal(language.Extensions, []string{".lcc"}) || grammar.Language != language.ID {
		t.Errorf("got %+v, %+v", language, grammar)
	}
	var scope struct{ ScopeName string }
	readJSON(t, filepath.Join("vscode", grammar.Path), &scope)
	if scope.ScopeName != grammar.ScopeName {
		t.Errorf("the grammar is %q, the manifest says %q", scope.ScopeName, grammar.ScopeName)
	}
	var configuration struct{ Comments struct{ LineComment string } }
	readJSON(t, filepath.Join("vscode", language.Configuration), &configuration)
	if configuration.Comments.LineComment != "%" {
		t.Errorf("got %+v", configuration)
	}
	for _, name := range append([]string{m.Main}, m.Files...) {
		if strings.Contains(name, "*") || name == "LICENSE" { // which is the repository's
			continue
		}
		if _, err := os.Stat(filepath.Join("vscode", name)); err != nil {
			t.Error(err)
		}
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestVSCodePacks: vsce packs the extension, and node loads what it packed, with a module in
// the place of the editor's.
func TestVSCodePacks(t *testing.T) {
	lab(t, "node", "npm")
	dir := t.TempDir()
	run(t, ".", []string{"OUT=" + dir}, "./vscode.sh")
	archive, err := zip.OpenReader(filepath.Join(dir, "parley-lcc.vsix"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for _, file := range archive.File {
		extract(t, file, dir)
	}
	extension := filepath.Join(dir, "extension")
	for _, name := range []string{"syntaxes/lcc.tmLanguage.json", "language-configuration.json",
		"node_modules/vscode-languageclient/node.js"} {
		if _, err := os.Stat(filepath.Join(extension, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(extension, "node_modules/@vscode/vsce")); err == nil {
		t.Error("the packer is packed")
	}
	var packed manifest
	readJSON(t, filepath.Join(extension, "package.json"), &packed)
	number, err := os.ReadFile(filepath.Join(root, "internal/version/VERSION"))
	if err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(filepath.Join(dir, "extension.vsixmanifest"))
	if err != nil || !strings.Contains(string(said), `Version="`+strings.TrimSpace(string(number))+`"`) {
		t.Errorf("the package has another version than %s: %v", number, err)
	}
	out := run(t, extension, nil, "node", absolute(t, "testdata/activate.js"), filepath.Join(extension, packed.Main))
	if want := "parley.restart\nparley lsp --any-host\nlcc\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

func extract(t *testing.T, file *zip.File, dir string) {
	t.Helper()
	name := filepath.Join(dir, filepath.FromSlash(file.Name))
	if !strings.HasPrefix(name, dir+string(filepath.Separator)) {
		t.Fatalf("the package has the file %q", file.Name)
	}
	from, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
