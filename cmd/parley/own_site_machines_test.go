package main

import (
	"bytes"
	"fmt"
	"net"
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

// officeSite is the machines of docs/own-site.md on this machine: a directory for
// each, as its file system, and agents on the loopback network.
type officeSite struct {
	root     string
	machines map[string]*machine
	ports    map[string]string // of 10.0.0.N, by N
	said     map[string]string // by machine, in capitals: the last id or key that it printed
}

type machine struct {
	name  string
	root  string // what / is there
	cwd   string
	agent *runningAgent
}

// sharedMachines maps machines to others that are the same machine.
var sharedMachines = map[string]string{"desk": "h1", "south": "s1"}

func newOfficeSite(t *testing.T) *officeSite {
	t.Helper()
	s := &officeSite{root: t.TempDir(), machines: map[string]*machine{}, ports: map[string]string{}, said: map[string]string{}}
	for _, n := range []string{"1", "2", "3", "4"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, s.ports[n], _ = net.SplitHostPort(l.Addr().String())
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOME", s.root)
	setGitAuthor(t)
	t.Chdir(s.root)
	return s
}

// setGitAuthor has git commit as ann, whatever this machine configures.
func setGitAuthor(t *testing.T) {
	t.Helper()
	for _, key := range []string{"AUTHOR_NAME", "COMMITTER_NAME"} {
		t.Setenv("GIT_"+key, "ann")
	}
	for _, key := range []string{"AUTHOR_EMAIL", "COMMITTER_EMAIL"} {
		t.Setenv("GIT_"+key, "ann@example.org")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
}

// machine finds or makes a machine by its name.
func (s *officeSite) machine(t *testing.T, name string) *machine {
	t.Helper()
	if m := s.machines[name]; m != nil {
		return m
	}
	files := name
	if other := sharedMachines[name]; other != "" {
		files = other
	}
	m := &machine{name: name, root: filepath.Join(s.root, files)}
	m.cwd = filepath.Join(m.root, "root")
	for _, dir := range []string{"root", "etc/parley", "var/lib/parley", "run/parley"} {
		if err := os.MkdirAll(filepath.Join(m.root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.machines[name] = m
	return m
}

var (
	variable = regexp.MustCompile(`\$[A-Z][A-Z0-9]*`)
	address  = regexp.MustCompile(`10\.0\.0\.(\d)/tcp/4200`)
	place    = regexp.MustCompile(`(^|\s)([a-z][a-z0-9]*):(\S+)`)
)

// here converts a text of the page for a machine of the test.
func (s *officeSite) here(t *testing.T, m *machine, text string) string {
	t.Helper()
	text = variable.ReplaceAllStringFunc(text, func(name string) string {
		value, ok := s.said[name[1:]]
		if !ok {
			t.Fatalf("%s is not known: nothing was printed on that machine", name)
		}
		return value
	})
	text = address.ReplaceAllStringFunc(text, func(at string) string {
		return "127.0.0.1/tcp/" + s.ports[address.FindStringSubmatch(at)[1]]
	})
	text = strings.ReplaceAll(text, "/srv/", filepath.Join(s.root, "srv")+"/") // all machines see it
	return strings.ReplaceAll(text, "/etc/parley", filepath.Join(m.root, "etc/parley"))
}

// do runs one step of the page.
func (s *officeSite) do(t *testing.T, step walkthrough.Step) {
	t.Helper()
	m := s.machine(t, step.Machine)
	command := s.here(t, m, step.Command)
	args := words(command)
	var out string
	var code int
	switch {
	case args[0] == "parley":
		s.parley(t, m, step, args[1:])
		return
	case args[0] == "cd":
		m.cwd = filepath.Join(m.cwd, args[1])
	case args[0] == "scp":
		s.copy(t, m, args[1], args[2])
	case args[0] == "systemctl":
		s.systemctl(t, m, args[1:])
	case step.File != "":
		s.writeHere(t, m, args, step)
	default:
		command = place.ReplaceAllStringFunc(command, func(text string) string {
			found := place.FindStringSubmatch(text)
			return found[1] + filepath.Join(s.machine(t, found[2]).root, "root", found[3])
		})
		out, code = shell(m, command)
	}
	if code != 0 {
		t.Errorf("%s:%d: %s: exit %d\n%s", ownSitePage, step.Line, step.Command, code, out)
	}
	s.compare(t, step, out)
}

// words splits a command at its spaces; pages have quotes around whole words only.
func words(command string) (list []string) {
	for _, found := range regexp.MustCompile(`"([^"]*)"|'([^']*)'|(\S+)`).FindAllStringSubmatch(command, -1) {
		list = append(list, found[1]+found[2]+found[3])
	}
	return list
}

func shell(m *machine, command string) (string, int) {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = m.cwd
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s%v", out, err), 1
	}
	return string(out), 0
}

// copy implements scp: to a machine's home or to a path on it.
func (s *officeSite) copy(t *testing.T, m *machine, from, to string) {
	t.Helper()
	name, path, _ := strings.Cut(to, ":")
	other := s.machine(t, name)
	// The path was converted to one of this machine.
	path = strings.ReplaceAll(path, m.root, "")
	if filepath.IsAbs(path) {
		path = filepath.Join(other.root, path)
	} else {
		path = filepath.Join(other.root, "root", path)
	}
	if out, code := shell(m, "cp -p "+from+" "+path); code != 0 {
		t.Fatal(out)
	}
}

// writeHere implements cat with a here document. Defaults of the page would be paths of
// this machine, so it sets these keys in the agents' configurations; and it has the agents
// look more often, so that the page is soon over.
func (s *officeSite) writeHere(t *testing.T, m *machine, args []string, step walkthrough.Step) {
	t.Helper()
	if args[0] != "cat" || len(args) != 4 {
		t.Fatalf("%s:%d: %s: want cat > FILE <<END", ownSitePage, step.Line, step.Command)
	}
	path, text := args[2], s.here(t, m, step.File)
	if !filepath.IsAbs(path) {
		path = filepath.Join(m.cwd, path)
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if args[1] == ">>" {
		flags = os.O_WRONLY | os.O_APPEND
	} else if filepath.Base(path) == "parley.yaml" {
		text = fmt.Sprintf("key: %[1]s/var/lib/parley/peer.key\nstate_dir: %[1]s/var/lib/parley\nsocket: %[1]s/run/parley/parley.sock\n"+
			"sample_every: 1s\nsmoothing: 2s\n", m.root) + text
	}
	file, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// asksAgain are the verbs that a person repeats until the output is as expected.
var asksAgain = []string{"status", "explain", "plan", "history", "doctor"}

// patience is how long a person repeats them.
const patience = time.Minute

// parley runs a verb in this process, and compares its output with the page.
func (s *officeSite) parley(t *testing.T, m *machine, step walkthrough.Step, args []string) {
	t.Helper()
	cmd, _, err := newRoot().Find(args)
	if err != nil {
		t.Fatalf("%s:%d: %s: %v", ownSitePage, step.Line, step.Command, err)
	}
	toFile := slices.Contains(args, "--out")
	if cmd.Flags().Lookup("socket") != nil && !toFile {
		args = append(args, "--socket", filepath.Join(m.root, "run/parley/parley.sock"))
	}
	if cmd.Flags().Lookup("config") != nil {
		args = append(args, "--config", filepath.Join(m.root, "etc/parley/parley.yaml"))
	}
	late := time.Now().Add(patience)
	for {
		var out bytes.Buffer
		if err := os.Chdir(m.cwd); err != nil { // newOfficeSite restores it
			t.Fatal(err)
		}
		code := run(args, strings.NewReader(""), &out, &out)
		missing := walkthrough.Missing(step.Shown, out.String())
		if slices.Contains(asksAgain, cmd.Name()) && missing != "" && time.Now().Before(late) {
			<-time.After(time.Second)
			continue
		}
		if (code != 0) != step.Refused() {
			t.Errorf("%s:%d: %s: exit %d\n%s%s", ownSitePage, step.Line, step.Command, code, out.String(), s.logs())
		}
		s.compare(t, step, out.String())
		if slices.Contains([]string{"--print-id", "new"}, args[min(1, len(args)-1)]) {
			s.said[strings.ToUpper(m.name)] = strings.TrimSpace(out.String())
		}
		return
	}
}

func (s *officeSite) compare(t *testing.T, step walkthrough.Step, out string) {
	t.Helper()
	if missing := walkthrough.Missing(step.Shown, out); missing != "" {
		t.Errorf("%s:%d: %s: got\n%s\nwant the line %q%s", ownSitePage, step.Line, step.Command, out, missing, s.logs())
	}
}
