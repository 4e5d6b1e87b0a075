package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// runPages are the pages whose commands a test runs, with what they print: TestOperations and
// TestTutorials.
var runPages = []string{"docs/operations.md", "docs/tutorial-policy.md", "docs/tutorial-simulation.md"}

// notRun are the pages with commands that no test runs, and why.
var notRun = map[string]string{
	"README.md":           "its commands are for hosts with a package and systemd; scripts and TestUp run the verbs",
	"docs/three-hosts.md": "its commands are for three machines with libvirt",
	"docs/process.md":     "its commands run programs of the reader",
	"docs/prove.md":       "its commands take minutes, and read models of the reader",
	"docs/scenarios.md":   "its commands take minutes, and read what a site of the reader has recorded",
	"docs/testing.md":     "its commands read tests that models and examples have; modeltest runs these",

	"models/shop/README.md":               "a test of the model plays the same",
	"examples/contract_net/README.md":     "the tests beside it play the same",
	"examples/gossip/README.md":           "the tests beside it play the same",
	"examples/offers/README.md":           "the tests beside it play the same",
	"examples/philosophers/README.md":     "the tests beside it play the same",
	"examples/shop/README.md":             "the tests beside it play the same",
	"examples/two_phase_commit/README.md": "the tests beside it play the same",
	"examples/vickrey/README.md":          "the tests beside it play the same",
}

// command is a call of parley in an indented block of a page.
var command = regexp.MustCompile(`^    (?:[a-z][a-z0-9]*\$ |\$ )?(?:sudo )?(?:go run \./cmd/)?parley ([a-z][^#|>&]*)`)

// Each page with commands is run by a test, or says in notRun why not; the commands of the
// others have verbs and flags that exist.
func TestCommandsOfPages(t *testing.T) {
	var pages []string
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/*/*.md", "models/*/README.md", "examples/*/README.md"} {
		found, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	commands := map[string]int{}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel("../..", path)
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.ToSlash(name)
		for i, line := range strings.Split(string(text), "\n") {
			found := command.FindStringSubmatch(line)
			if found == nil {
				continue
			}
			commands[name]++
			if notRun[name] == "" && !slices.Contains(runPages, name) {
				t.Errorf("%s:%d: no test runs `%s`: have one run the page, or say in notRun why none does", name, i+1, strings.TrimSpace(line))
			}
			if why := unknownTo(found[1]); why != "" {
				t.Errorf("%s:%d: `%s`: %s", name, i+1, strings.TrimSpace(line), why)
			}
		}
	}
	for name := range notRun {
		if commands[name] == 0 {
			t.Errorf("%s has no command: take it out of notRun", name)
		}
	}
	for _, name := range runPages {
		if commands[name] == 0 {
			t.Errorf("%s has no command: is it read as it is written?", name)
		}
	}
}

// readersText are arguments in which a flag is a text of the reader.
var readersText = regexp.MustCompile(`'[^']*'|"[^"]*"|\$\([^)]*\)`)

// unknownTo says which verb or flag of a call there is not; "": all are there.
func unknownTo(call string) string {
	cmd, rest, err := newRoot().Find(strings.Fields(readersText.ReplaceAllString(call, "x")))
	if err != nil || cmd.HasSubCommands() {
		return "there is no such verb"
	}
	for _, arg := range rest {
		flag, is := strings.CutPrefix(arg, "--")
		flag, _, _ = strings.Cut(flag, "=")
		if is && flag != "" && flag != "help" && cmd.Flags().Lookup(flag) == nil && cmd.InheritedFlags().Lookup(flag) == nil {
			return cmd.CommandPath() + " has no flag --" + flag
		}
	}
	return ""
}
