package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Each command has a manual page, which has all words of its help and all its flags.
func TestManualPages(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SOURCE_DATE_EPOCH", "1000000000")
	if rc := run([]string{"man", dir}, strings.NewReader(""), os.Stdout, os.Stderr); rc != 0 {
		t.Fatalf("parley man: exit code %d", rc)
	}
	pages := 0
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
		if cmd.IsAvailableCommand() || !cmd.HasParent() {
			pages++
			holdPage(t, filepath.Join(dir, name), cmd)
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRoot())
	if pages < 50 {
		t.Errorf("%d commands were visited: want those of the groups too", pages)
	}
	for _, name := range []string{"parley-policy-publish.1", "parley-sim-run.1"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "parley-man.1")); err == nil {
		t.Error("the hidden command has a page")
	}
}

var (
	roffEscape = regexp.MustCompile(`\\f[A-Z]|\\&|\\`)
	word       = regexp.MustCompile(`[\p{L}\p{N}]+`)
	heading    = regexp.MustCompile(`(?m)^\.S[HS] (.*)$`)
	sections   = map[string]bool{
		"NAME": true, "SYNOPSIS": true, "DESCRIPTION": true, "OPTIONS": true, "SEE ALSO": true,
		"OPTIONS INHERITED FROM PARENT COMMANDS": true,
	}
)

func holdPage(t *testing.T, path string, cmd *cobra.Command) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	page := roffEscape.ReplaceAllString(string(text), "")
	if !strings.Contains(page, "Sep 2001") || strings.Contains(page, "Auto generated") {
		t.Errorf("%s: want the date of SOURCE_DATE_EPOCH and no note of a generator: %.80q", path, page)
	}
	for _, section := range heading.FindAllStringSubmatch(page, -1) {
		if !sections[section[1]] {
			t.Errorf("%s has the section %q: a line of the help begins with #", path, section[1])
		}
	}
	words := word.FindAllString(page, -1)
	at := 0
	for _, want := range word.FindAllString(cmd.Long, -1) {
		for at < len(words) && words[at] != want {
			at++
		}
		if at == len(words) {
			t.Errorf("%s lacks %q of the help, or has it out of order", path, want)
			break
		}
	}
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && !strings.Contains(page, "--"+f.Name) {
			t.Errorf("%s lacks --%s", path, f.Name)
		}
	})
}
