package process

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/hostagent"
)

// The assistant takes along what its users told it, and leaves behind what it can make
// again. It refuses a move for as long as a user wants it to stay, and a move that fails
// costs it nothing.
func TestAssistant(t *testing.T) {
	dir, program, a, b := assistantHosts(t, "python3", "wc")
	report := write(t, dir, "report", "one two three\nfour\n")
	user := &conversation{t: t, answers: filepath.Join(dir, "answers"), inbox: write(t, dir, "inbox", "")}
	l := launch(t, "assistant", user.inbox, user.answers)
	l.Program = program
	id, err := a.Launch(bounded(t), l)
	if err != nil {
		t.Fatal(err)
	}
	user.says(a, id, "ana remember wifi = tulip", "ana: I keep it")
	user.says(a, id, "ana words "+report, "ana: "+report+" has 4 words")
	user.says(a, id, "ana where", "ana: 0 moves, last from None, with 1 notes and the words of 1 files")

	user.says(a, id, "bob stay", "bob: I stay")
	if err := shift(bounded(t), id, "1", a, b, 0); err == nil || !strings.Contains(err.Error(), "bob wants it to stay") {
		t.Fatalf("a move that a user is against: got %v", err)
	}
	user.says(a, id, "bob go", "bob: I go where I am told")
	if err := shift(bounded(t), id, "2", a, b, 3); err == nil {
		t.Fatal("a move that fails: got no error")
	}
	user.says(a, id, "ana where", "ana: 0 moves, last from None, with 1 notes and the words of 1 files")

	user.writes("carl remember key = un") // half a line waits while it moves
	if err := shift(bounded(t), id, "3", a, b, 0); err != nil {
		t.Fatal(err)
	}
	user.says(b, id, "der the mat", "carl: I keep it")
	user.says(b, id, "ana where", "ana: 1 moves, last from a, with 2 notes and the words of 0 files")
	user.says(b, id, "ana what wifi", "ana: wifi = tulip")
	user.says(b, id, "carl what key", "carl: key = under the mat")
	user.says(b, id, "ana words "+report, "ana: "+report+" has 4 words")

	user.writes("ana goodbye\n")
	until(t, b, id, "an assistant that has ended", func(l hostagent.Launched) bool { return l.State == hostagent.LaunchDone })
	got, err := os.ReadFile(user.answers)
	if want := strings.Join(user.got, "\n") + "\n"; err != nil || string(got) != want {
		t.Errorf("answers: got %s, %v, want %s", got, err, want)
	}
}

// A child process that works does not move: the one at the target does its work again.
func TestAssistantLeavesItsChild(t *testing.T) {
	dir, program, a, b := assistantHosts(t, "python3", "wc", "mkfifo")
	report := filepath.Join(dir, "report") // nobody writes into it: its words are counted for ever
	if out, err := exec.Command("mkfifo", report).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	user := &conversation{t: t, answers: filepath.Join(dir, "answers"), inbox: write(t, dir, "inbox", "")}
	l := launch(t, "assistant", user.inbox, user.answers)
	l.Program = program
	id, err := a.Launch(bounded(t), l)
	if err != nil {
		t.Fatal(err)
	}
	user.says(a, id, "ana stay", "ana: I stay")
	user.says(a, id, "ana go", "ana: I go where I am told")
	user.writes("ana words " + report + "\n")
	opened, err := os.OpenFile(report, os.O_WRONLY, 0) // returns when the child reads
	if err != nil {
		t.Fatal(err)
	}
	if err := shift(bounded(t), id, "1", a, b, 0); err != nil {
		t.Fatal(err)
	}
	// The first end stays open until the child at the target reads: without, that one could
	// see an empty report.
	again, err := os.OpenFile(report, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = again.WriteString("one two\n")
	if err := errors.Join(err, again.Close(), opened.Close()); err != nil {
		t.Fatal(err)
	}
	user.hears(b, id, "ana: "+report+" has 2 words")
}

// assistantHosts are two hosts that may run the assistant, where its tools are.
func assistantHosts(t *testing.T, tools ...string) (dir, program string, a, b *supervisor) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here: the assistant is not tested", tool)
		}
	}
	dir, program = shortDir(t), example(t, "assistant.py")
	programs := func(o *Options) { o.Programs = []string{program} }
	return dir, program, open(t, filepath.Join(dir, "a"), "a", programs), open(t, filepath.Join(dir, "b"), "b", programs)
}

// conversation is what is said to an assistant, and what it answers.
type conversation struct {
	t              *testing.T
	inbox, answers string
	got            []string
}

func (c *conversation) writes(text string) {
	c.t.Helper()
	file, err := os.OpenFile(c.inbox, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		c.t.Fatal(err)
	}
}

// says writes a line, and waits for its answer.
func (c *conversation) says(p *supervisor, id hostagent.GuestID, line, answer string) {
	c.t.Helper()
	c.writes(line + "\n")
	c.hears(p, id, answer)
}

func (c *conversation) hears(p *supervisor, id hostagent.GuestID, answer string) {
	c.t.Helper()
	c.got = append(c.got, answer)
	until(c.t, p, id, "the answer "+answer, func(hostagent.Launched) bool {
		got, err := os.ReadFile(c.answers)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			c.t.Fatal(err)
		}
		lines := strings.Split(string(got), "\n")
		all := len(lines) == len(c.got)+1 && lines[len(c.got)] == ""
		if all && lines[len(c.got)-1] != answer {
			c.t.Fatalf("answer: got %s, want %s", lines[len(c.got)-1], answer)
		}
		return all
	})
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
