package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// allowed are the licences whose modules may be linked into a program under
// Apache-2.0. A new one is for a person to read.
var allowed = map[string]bool{
	"Apache-2.0": true, "MIT": true, "MIT-0": true, "BSD-2-Clause": true, "BSD-3-Clause": true, "ISC": true,
	"MPL-2.0": true, "Unlicense": true, "CC0-1.0": true, "BSD-1-Clause": true, "0BSD": true, "Zlib": true,
}

// Each module that is linked into the program is named with a licence that allows it,
// and with the whole text of that.
func TestNotices(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, []string{"parley/cmd/parley"}); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	list, err := exec.Command("go", "list", "-tags", "libvirt_dlopen", "-deps", "-f",
		"{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "parley/cmd/parley").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(list))
	if len(modules) < 50 {
		t.Fatalf("got %d linked packages of modules, want those of libp2p at least", len(modules))
	}
	for _, m := range modules {
		if !strings.Contains(text, "Files: linked/"+m+"\n") {
			t.Errorf("nothing is said of %s", m)
		}
	}
	for _, found := range regexp.MustCompile(`(?m)^License: (.*)$`).FindAllStringSubmatch(text, -1) {
		for _, id := range strings.Split(found[1], " and ") {
			if !allowed[id] {
				t.Errorf("the licence %q: a person has to say whether it may be linked", id)
			}
		}
	}
	for _, want := range []string{"Files: linked/uPlot\n", "Copyright (c) 2022 Leon Sorokin", "Permission is hereby granted, free of charge",
		"Redistributions of source code must retain", "Mozilla Public License", "The Go Authors"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in it", want)
		}
	}
	for n, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if line != "" && line[0] != ' ' && !regexp.MustCompile(`^[A-Z][A-Za-z-]*:`).MatchString(line) {
			t.Errorf("line %d is neither a field nor goes on with one: %q", n+1, line)
		}
	}
}

// A module without a licence stops the build.
func TestNoLicence(t *testing.T) {
	if _, err := (module{"example.org/none", "v1.0.0", t.TempDir()}).stanza(false); err == nil ||
		!strings.Contains(err.Error(), "has no licence") {
		t.Errorf("got %v, want that it has none", err)
	}
}

// Debian has the Apache licence on each machine: its package names the file, and keeps
// whose work a module is.
func TestApacheOnDebian(t *testing.T) {
	text, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string]string{"LICENSE": string(text), "NOTICE": "Copyright 2019 The Example Authors\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := module{"example.org/apache", "v1.0.0", dir}
	for onDebian, has := range map[bool]bool{false: true, true: false} {
		got, err := m.stanza(onDebian)
		if err != nil || !strings.Contains(got, "License: Apache-2.0") || !strings.Contains(got, "2019 The Example Authors") {
			t.Fatalf("got %v and\n%s", err, got)
		}
		if strings.Contains(got, "TERMS AND CONDITIONS") != has || strings.Contains(got, "/usr/share/common-licenses/Apache-2.0") == has {
			t.Errorf("on Debian %v: the text is in it: %v", onDebian, !has)
		}
	}
}
