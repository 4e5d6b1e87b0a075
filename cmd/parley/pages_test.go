package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// walkedPages are the pages that a test types from the first command to the last, with what they
// print. A command that it does not type is in notRun.
var walkedPages = map[string]string{
	"docs/own-site.md":            "TestOwnSite",
	"docs/tutorial-policy.md":     "TestTutorials",
	"docs/tutorial-simulation.md": "TestTutorials",
	"docs/three-hosts.md":         "TestThreeHosts of examples/lab, with three libvirts",
}

// pageCommand is a call of parley on a page.
type pageCommand struct {
	page string
	line int
	call string // from the word parley on
	exit int    // its exit code, which the page tells if it is not 0
}

// ofPage is a call of parley in an indented block of a page.
var ofPage = regexp.MustCompile(`^    (?:[a-z][a-z0-9]*\$ |\$ )?(?:sudo )?(?:go run \./cmd/)?(parley [a-z].*)$`)

// pageComment is what a page says behind a command, and pageExit its exit code in it.
var (
	pageComment = regexp.MustCompile(`\s+# .*$`)
	pageExit    = regexp.MustCompile(`# exit code (\d)`)
)

// pageCommands are the calls of all pages, in the order of the pages and their lines.
func pageCommands(t *testing.T) (list []pageCommand) {
	t.Helper()
	for _, name := range pages(t) {
		lines := strings.Split(read(t, filepath.Join("../..", name)), "\n")
		for i := 0; i < len(lines); i++ {
			found := ofPage.FindStringSubmatch(lines[i])
			if found == nil {
				continue
			}
			c := pageCommand{page: name, line: i + 1, call: found[1]}
			for strings.HasSuffix(c.call, `\`) && i+1 < len(lines) {
				i++
				c.call = strings.TrimSuffix(c.call, `\`) + strings.TrimSpace(lines[i])
			}
			if exit := pageExit.FindStringSubmatch(c.call); exit != nil {
				c.exit = int(exit[1][0] - '0')
			}
			c.call = pageComment.ReplaceAllString(c.call, "")
			list = append(list, c)
		}
	}
	return list
}

// pages are the files that readers have, from the root of the repository.
func pages(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/*/*.md", "models/*/README.md", "examples/*/README.md"} {
		found, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			name, err := filepath.Rel("../..", path)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, filepath.ToSlash(name))
		}
	}
	return names
}

// Each command of a page has verbs and flags that exist, and a test runs it, or notRun says why
// none does: TestPlainPages runs what stands on no page that another test types.
func TestCommandsOfPages(t *testing.T) {
	commands, there := map[string]int{}, map[string]bool{}
	for _, c := range pageCommands(t) {
		commands[c.page]++
		there[c.page+" "+c.call] = true
		if why := unknownTo(strings.TrimPrefix(c.call, "parley ")); why != "" {
			t.Errorf("%s:%d: `%s`: %s", c.page, c.line, c.call, why)
		}
	}
	for page, calls := range notRun {
		if walkedPages[page] != "" {
			t.Errorf("%s types all of %s: take the page out of notRun", walkedPages[page], page)
		}
		for call := range calls {
			if !there[page+" "+call] && !onPage(t, page, call) {
				t.Errorf("%s has no command `%s`: take it out of notRun", page, call)
			}
		}
	}
	for _, page := range append(slices.Clone(upPages), "docs/own-site.md", "docs/tutorial-policy.md") {
		if commands[page] < 5 {
			t.Errorf("%s has %d commands: is it read as it is written?", page, commands[page])
		}
	}
}

// onPage says whether a page has a command that is no call of parley.
func onPage(t *testing.T, page, command string) bool {
	t.Helper()
	return strings.Contains(read(t, filepath.Join("../..", page)), "    $ "+command+"\n")
}

// Each verb that the text of a page names exists, with its flags.
func TestVerbsOfPages(t *testing.T) {
	found := 0
	for _, name := range pages(t) {
		text := strings.Join(strings.Fields(read(t, filepath.Join("../..", name))), " ")
		for _, call := range regexp.MustCompile("`parley ([a-z][^`]*)`").FindAllStringSubmatch(text, -1) {
			found++
			if why := unknownTo(call[1]); why != "" {
				t.Errorf("%s: `parley %s`: %s", name, call[1], why)
			}
		}
	}
	if found < 200 {
		t.Errorf("the pages name %d verbs: are they read as they are written?", found)
	}
}

// readersText are arguments in which a flag is a text of the reader.
var readersText = regexp.MustCompile(`'[^']*'|"[^"]*"|\$\([^)]*\)`)

// unknownTo says which verb or flag of a call there is not; "": all are there.
func unknownTo(call string) string {
	call, _, _ = strings.Cut(readersText.ReplaceAllString(call, "x"), "|")
	call = regexp.MustCompile(`[#>&<;].*`).ReplaceAllString(call, "")
	cmd, rest, err := newRoot().Find(strings.Fields(call))
	if err != nil || cmd == cmd.Root() {
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
