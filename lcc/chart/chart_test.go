package chart

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/lcc/syntax"
	"parley/models"
)

var rewrite = flag.Bool("rewrite", false, "write the pictures of the shipped models, to be looked at")

func parse(t *testing.T, name, text string) *syntax.File {
	t.Helper()
	file, errs := syntax.Parse(name, []byte(text))
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	return file
}

// TestShipped compares the diagrams of the shipped models with testdata.
func TestShipped(t *testing.T) {
	for _, name := range models.Names() {
		text, _ := models.Text(name)
		file := parse(t, name, string(text))
		machines := Machines(file)
		mermaid := Mermaid(machines) + Mermaid(machines[:1])
		base := filepath.Join("testdata", name)
		golden(t, base+".dot", DOT(machines)+OverviewDOT(Speeches(file)))
		golden(t, base+".mmd", mermaid+OverviewMermaid(Speeches(file)))
		validMermaid(t, mermaid+OverviewMermaid(Speeches(file)))
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s\n(-rewrite writes it)", name, got, want)
	}
}

// mermaidLine matches the lines of these diagrams. A label contains Mermaid's special
// characters only as entity codes.
var mermaidLine = regexp.MustCompile(`^(stateDiagram-v2|flowchart LR|sequenceDiagram` +
	`|    state "LABEL" as r\d+ \{|    \}` +
	`|    (    )?state "LABEL" as STATE|    (    )?state STATE <<(fork|join)>>|    (    )?(\[\*\]|STATE) --> (\[\*\]|STATE)( : LABEL)?` +
	`|    r\d+\["LABEL"\]|    r\d+ -- "LABEL" --> r\d+` +
	`|    participant p\d+ as LABEL|    p\d+->>p\d+: LABEL|    Note over p\d+: LABEL)$`)

var mermaidLabel = strings.ReplaceAll(strings.ReplaceAll(mermaidLine.String(), "STATE", `(r\d+)?s\d+`), "LABEL",
	`([^"#;:<>{}\[\]|%`+"`"+`\\\n]|#\d+;)*`)

func validMermaid(t *testing.T, text string) {
	t.Helper()
	valid := regexp.MustCompile(mermaidLabel)
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if !valid.MatchString(line) {
			t.Errorf("%q is not a line of Mermaid", line)
		}
	}
}

func TestMachine(t *testing.T) {
	file := parse(t, "x", `
		a(x, X) :: ((m(1) => a(y, Y) <- p) par (n <= a(_, Z) <- q)) then (a(w(1), X) then null <- r) then (k(f) or a(x, X))
		a(y, Y) :: say("odd: \"#;<>\"") => a(x, X)`)
	machines := Machines(file)
	if len(machines) != 2 {
		t.Fatalf("got %d machines, want 2", len(machines))
	}
	m := machines[0]
	kinds := map[StateKind]int{}
	for _, s := range m.States {
		kinds[s.Kind]++
	}
	if kinds[Fork] != 2 || kinds[Role] != 1 || kinds[Begin] != 1 || kinds[End] != 1 {
		t.Errorf("got %v, want 2 bars, a role, a beginning and an end", kinds)
	}
	labels := ""
	for _, e := range m.Edges {
		labels += e.Label + "\n"
	}
	for _, want := range []string{"!m(1) to y [p]", "?n from _ [q]", "[r]", "/ k(f)"} {
		if !strings.Contains(labels, want+"\n") {
			t.Errorf("no edge is labelled %q: %q", want, labels)
		}
	}
	validMermaid(t, Mermaid(machines))
	if dot := DOT(machines); !strings.Contains(dot, `odd: \\\"#;<>\\\"`) {
		t.Errorf("the label is not escaped for DOT:\n%s", dot)
	}
}

// A role that is entered again at its end leads back to its beginning.
func TestLoop(t *testing.T) {
	file := parse(t, "x", `
		a(server, S) :: ask <= a(client, C) then ok => a(client, C) then a(server, S)
		a(count(N), X) :: null <- N == 0 or (tick => a(client, C) <- M is N - 1 then a(count(M), X))
		a(wrap, X) :: a(wrap, X) then done => a(client, C)`)
	for i, want := range []string{
		"server: 0-1 1-0",
		"count(N): 0-1 2-0 0-2",
		"wrap: 3-2 0-3 2-1",
	} {
		m := Machines(file)[i]
		got := m.Role + ":"
		for _, e := range m.Edges {
			got += fmt.Sprintf(" %d-%d", e.From, e.To)
		}
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSpeeches(t *testing.T) {
	file := parse(t, "x", `a(x, X) :: m(1) => a(y, Y) then (m(2) => a(y, Y) or n => a(y, Y)) then m => a(z, _)
		a(y, Y) :: V => a(x, X)`)
	got := Speeches(file)
	want := []Speech{{"x", "y", []string{"m", "n"}}, {"x", "z", []string{"m"}}, {"y", "x", []string{"V"}}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i].From != want[i].From || got[i].To != want[i].To || strings.Join(got[i].Messages, " ") != strings.Join(want[i].Messages, " ") {
			t.Errorf("got %v, want %v", got[i], want[i])
		}
	}
}

var steps = []Step{
	{"0.000s", "alice", "", "buyer"},
	{"0.000s", "alice", "bob", "ask(lamp)"},
	{"0.001s", "bob", "carol", "a message that is much longer than the columns can be; with # and \"quotes\""},
	{"12.500s", "carol", "alice", "über"},
	{"12.600s", "carol", "carol", "note"},
}

func TestSequence(t *testing.T) {
	got := Sequence(steps)
	lines := strings.Split(got, "\n")
	if len(lines) != len(steps)+3 {
		t.Fatalf("got %d lines, want %d:\n%s", len(lines), len(steps)+3, got)
	}
	for _, part := range []string{"* buyer", " ask(lamp) -", ">|", "|<-", " über -", "a message that is ", "> note"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q in\n%s", part, got)
		}
	}
	for _, line := range lines[1 : len(lines)-2] {
		if n := len([]rune(line)); n > 140 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
	if Sequence(nil) != "" {
		t.Error("nothing happened, and something is drawn")
	}
	validMermaid(t, SequenceMermaid(steps))
}
