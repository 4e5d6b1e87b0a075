package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/spf13/cobra"
)

func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		args string // the last word is what is typed; - stands for nothing
		want []string
	}{
		{"graph -", []string{"agility", "shop"}},
		{"graph ./x", []string{"lcc", ":8"}},
		{"graph shop --role -", []string{"buyer", "shopkeeper"}},
		{"graph shop --format -", []string{"dot", "mermaid"}},
		{"demo --policy -", []string{"agility", "power_saving"}},
		{"sim run x.yaml --policy -", []string{"none", "agility"}},
		{"sim run -", []string{"yaml", ":8"}},
		{"test -", []string{"txtar", ":8"}},
		{"run shop --chart -", []string{"text", "mermaid"}},
		{"history --state -", []string{"aborted", "stuck"}},
		{"sim replay x.yaml 1 --kind -", []string{"deal", "fault"}},
		{"sim replay x.yaml 1 --kind deal,", []string{"deal,fault", ":6"}},
		{"sim run x.yaml --figures migrations,", []string{"migrations,energy"}},
		{"schema -", []string{"api", "parley"}},
		{"check --explain -", []string{"LCC029"}},
	} {
		args := append([]string{"__complete"}, strings.Fields(c.args)...)
		if args[len(args)-1] == "-" {
			args[len(args)-1] = ""
		}
		var out bytes.Buffer
		if code := run(args, strings.NewReader(""), &out, io.Discard); code != 0 {
			t.Errorf("%s: code %d", c.args, code)
		}
		lines := strings.Split(out.String(), "\n")
		for i := range lines {
			lines[i], _, _ = strings.Cut(lines[i], "\t")
		}
		for _, want := range c.want {
			if !strings.Contains("\n"+strings.Join(lines, "\n")+"\n", "\n"+want+"\n") {
				t.Errorf("%s completes to %q: want %s among it", c.args, lines, want)
			}
		}
	}
}

func TestConfirm(t *testing.T) {
	for answer, good := range map[string]bool{"yes\n": true, " yes": true, "y\n": false, "\n": false, "": false, "no\nyes\n": false} {
		var out bytes.Buffer
		if err := confirm(strings.NewReader(answer), &out, "It hurts."); (err == nil) != good {
			t.Errorf("the answer %q: %v", answer, err)
		}
		if !strings.HasPrefix(out.String(), "It hurts. ") {
			t.Errorf("the question is %q", out.String())
		}
	}
}

// TestConfirmOnATerminal: a person is asked, a script is not.
func TestConfirmOnATerminal(t *testing.T) {
	terminal, process, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminal: ", err)
	}
	defer terminal.Close()
	defer process.Close()
	if !atTerminal(process) || atTerminal(strings.NewReader("yes")) || atTerminal(&bytes.Buffer{}) {
		t.Error("a terminal is not told from what is none")
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if atTerminal(null) {
		t.Error("/dev/null is taken for a terminal")
	}
}

func TestSocketFromTheEnvironment(t *testing.T) {
	other := t.TempDir() + "/other.sock"
	t.Setenv("PARLEY_SOCKET", other)
	verbs := 0
	var look func(*cobra.Command)
	look = func(cmd *cobra.Command) {
		if flag := cmd.Flags().Lookup("socket"); flag != nil {
			verbs++
			if flag.DefValue != other {
				t.Errorf("%s asks %s, want the socket that PARLEY_SOCKET names", cmd.CommandPath(), flag.DefValue)
			}
		}
		for _, c := range cmd.Commands() {
			look(c)
		}
	}
	look(newRoot())
	if verbs < 15 {
		t.Errorf("%d verbs ask the agent, want all of them", verbs)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"status"}, strings.NewReader(""), &out, &errs); code != 1 || !strings.Contains(errs.String(), "other.sock") {
		t.Errorf("code %d, %q: want a word about the socket that PARLEY_SOCKET names", code, errs.String())
	}
}

// The null device is no terminal: a repl that reads it has no prompt, and ends.
func TestReplOfTheNullDevice(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var out bytes.Buffer
	if code := run([]string{"repl"}, null, &out, &out); code != 0 || out.Len() > 0 {
		t.Errorf("got code %d and %q, want neither prompt nor fault", code, out.String())
	}
}
