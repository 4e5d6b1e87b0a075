package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/walkthrough"
)

// upPages are the pages whose commands are typed beside a site of `parley up`, in the order in
// which TestUpPages types them. A page that begins with the command that the one before ended
// with is typed at the site that is there: a start costs more than most commands.
var upPages = []string{"docs/operations.md", "docs/scenarios.md", "README.md"}

// TestUpPages types the pages of upPages line by line, in terminals that are directories and
// environments, and compares every line of output on the page with the real output.
func TestUpPages(t *testing.T) {
	if testing.Short() {
		t.Skip("the pages take a minute: go test without -short runs them")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("a page keeps its policies in git, which is missing: apt-get install git, or make test as root")
	}
	var list []pageSteps
	for _, name := range upPages {
		list = append(list, pageSteps{name: name, steps: stepsOf(t, name)})
	}
	setGitAuthor(t)
	home := shortDir(t)
	copyCheckout(t, home)
	t.Setenv("HOME", home)
	t.Setenv("PARLEY_SOCKET", "")
	t.Chdir(home)
	reader := &upReader{home: home}
	t.Cleanup(func() { reader.endSite(t) }) // before its directory is removed
	for _, page := range list {
		reader.page, reader.terminals = page.name, map[string]*terminal{}
		for _, s := range page.steps {
			if notRun[page.name][s.Command] == "" {
				reader.do(t, s)
			}
			if t.Failed() {
				return // later steps would fail for the same reason
			}
		}
	}
}

// barePage is a page whose commands have no prompt and no output.
const barePage = "README.md"

// bareCommand is a command of such a page that others need.
var bareCommand = regexp.MustCompile(`^    ((?:export PARLEY_SOCKET=|cp ).*)$`)

// stepsOf are the commands of a page.
func stepsOf(t *testing.T, name string) (steps []walkthrough.Step) {
	t.Helper()
	text := read(t, filepath.Join("../..", name))
	if name != barePage {
		steps, err := walkthrough.Read(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return steps
	}
	for _, c := range pageCommands(t) {
		if c.page == name {
			steps = append(steps, walkthrough.Step{Line: c.line, Command: c.call})
		}
	}
	for i, line := range strings.Split(text, "\n") {
		if found := bareCommand.FindStringSubmatch(line); found != nil {
			steps = append(steps, walkthrough.Step{Line: i + 1, Command: pageComment.ReplaceAllString(found[1], "")})
		}
	}
	slices.SortFunc(steps, func(a, b walkthrough.Step) int { return cmp.Compare(a.Line, b.Line) })
	return steps
}

type pageSteps struct {
	name  string
	steps []walkthrough.Step
}

// upReader is who types a page.
type upReader struct {
	home, page string
	terminals  map[string]*terminal // by the word before the $
	site       *typedSite           // nil: none runs
}

// terminal is what a shell keeps from one command to the next.
type terminal struct {
	dir, socket string
}

// typedSite is a site that `parley up` runs in this process.
type typedSite struct {
	command string
	out     *syncedBuffer
	end     func() error // as Ctrl-C does
}

func (r *upReader) terminal(name string) *terminal {
	if r.terminals[name] == nil {
		r.terminals[name] = &terminal{dir: r.home}
	}
	return r.terminals[name]
}

// do types one command.
func (r *upReader) do(t *testing.T, s walkthrough.Step) {
	t.Helper()
	at := r.terminal(s.Machine)
	if socket, is := strings.CutPrefix(s.Command, "export PARLEY_SOCKET="); is {
		at.socket = strings.ReplaceAll(socket, "$HOME", r.home)
		return
	}
	if to, is := strings.CutPrefix(s.Command, "cd "); is {
		at.dir = r.path(at, to)
		return
	}
	if strings.HasPrefix(s.Command, "parley up") {
		r.startSite(t, s)
		r.compare(t, s, r.site.out.String())
		return
	}
	for late := time.Now().Add(patience); ; {
		out, code := r.types(t, at, s)
		differs := (code != 0) != s.Refused() || walkthrough.Missing(s.Shown, out) != ""
		if differs && r.again(s) && time.Now().Before(late) {
			<-time.After(500 * time.Millisecond)
			continue
		}
		if (code != 0) != s.Refused() {
			t.Errorf("%s:%d: %s: exit %d\n%s", r.page, s.Line, s.Command, code, out)
		}
		r.compare(t, s, out)
		return
	}
}

// repeated are the verbs that a person types again until the output is as expected; and a dry
// run, which says that a guest would stay while it is in a deal.
var repeated = []string{"status", "explain", "plan", "history", "resume", "record", "where", "place", "survive"}

func (r *upReader) again(s walkthrough.Step) bool {
	cmd, _, err := newRoot().Find(words(strings.TrimPrefix(s.Command, "parley ")))
	return err == nil && (slices.Contains(repeated, cmd.Name()) || strings.HasSuffix(s.Command, " --dry-run"))
}

// types runs a command in a terminal.
func (r *upReader) types(t *testing.T, at *terminal, s walkthrough.Step) (string, int) {
	t.Helper()
	if err := os.Chdir(at.dir); err != nil { // TestUpPages restores it
		t.Fatal(err)
	}
	if err := os.Setenv("PARLEY_SOCKET", at.socket); err != nil {
		t.Fatal(err)
	}
	return typed(strings.ReplaceAll(s.Script(), "~/", r.home+"/"))
}

// path converts the home directory in a word; with a terminal, the word is a path there.
func (r *upReader) path(at *terminal, word string) string {
	if rest, is := strings.CutPrefix(word, "~/"); is {
		return filepath.Join(r.home, rest)
	}
	if at != nil {
		return filepath.Join(at.dir, word)
	}
	return word
}

// startSite runs the site of a command, unless it is the one that runs, and ends that.
func (r *upReader) startSite(t *testing.T, s walkthrough.Step) {
	t.Helper()
	if r.site != nil && r.site.command == s.Command {
		return
	}
	r.endSite(t)
	args := words(s.Command)[1:]
	for i := range args {
		args[i] = r.path(nil, args[i])
	}
	site := &typedSite{command: s.Command, out: &syncedBuffer{}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		root := newRoot()
		root.SetArgs(args)
		root.SetOut(site.out)
		root.SetErr(site.out)
		ended <- root.ExecuteContext(ctx)
	}()
	site.end = func() error {
		cancel()
		return <-ended
	}
	r.site = site
	for late := time.After(patience); !strings.Contains(site.out.String(), "Ctrl-C ends the site"); {
		select {
		case err := <-ended:
			r.site = nil
			t.Fatalf("%s:%d: %s: it ended: %v\n%s", r.page, s.Line, s.Command, err, site.out)
		case <-late:
			t.Fatalf("%s:%d: %s: it did not start\n%s", r.page, s.Line, s.Command, site.out)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// endSite ends the site that runs, if there is one, and holds it to what it says: nothing is left.
func (r *upReader) endSite(t *testing.T) {
	t.Helper()
	if r.site == nil {
		return
	}
	err := r.site.end()
	if out := r.site.out.String(); err != nil || !strings.Contains(out, "the site has ended, and ") {
		t.Errorf("%s: the site ended with %v\n%s", r.site.command, err, out)
	}
	if _, err := os.Stat(filepath.Join(r.home, "site")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory of the site is still there: %v", err)
	}
	r.site = nil
}

func (r *upReader) compare(t *testing.T, s walkthrough.Step, out string) {
	t.Helper()
	if missing := walkthrough.Missing(s.Shown, out); missing != "" {
		t.Errorf("%s:%d: %s: got\n%s\nwant the line %q\nthe site said\n%s", r.page, s.Line, s.Command, out, missing, r.said())
	}
}

func (r *upReader) said() string {
	if r.site == nil {
		return "nothing: none runs"
	}
	return r.site.out.String()
}
