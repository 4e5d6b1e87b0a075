package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/jedib0t/go-pretty/v6/text"

	"parley/hostagent/api"
	"parley/models/publish/chain"
)

// onWidth is onTerminal with a number of columns.
func onWidth(t *testing.T, columns uint16, do func(out *os.File)) string {
	t.Helper()
	return onTerminal(t, func(out *os.File) {
		if err := pty.Setsize(out, &pty.Winsize{Rows: 24, Cols: columns}); err != nil {
			t.Fatal(err)
		}
		do(out)
	})
}

// A table is as wide as the terminal allows, and no word of it is lost. Without a
// terminal each row is one line.
func TestTablesFitTheTerminal(t *testing.T) {
	id := "12D3KooWExampleExampleExampleExampleExampleExampleEx"
	cells := []any{"host-1", id, "/ip4/192.168.100.1/tcp/4101", "rack=a zone=north ssd", "rack-a-1"}
	table := func(out *os.File) {
		l := newTable(&plainWriter{to: out}, "host", "id", "addresses", "labels", "group")
		l.AppendRow(cells)
		l.print()
	}
	whole := func(text string) string { return strings.Join(strings.Fields(text), "") }
	for _, width := range []int{60, 80, 110, 200} {
		shown := onWidth(t, uint16(width), table)
		letters := map[rune]int{}
		for _, r := range whole(shown) {
			letters[r]++
		}
		for _, cell := range cells {
			for _, r := range whole(cell.(string)) {
				letters[r]--
			}
		}
		for r, n := range letters {
			if n < 0 {
				t.Errorf("at %d columns %q is missing %d times in\n%s", width, r, -n, shown)
			}
		}
		for line := range strings.Lines(shown) {
			if got := text.StringWidth(strings.TrimRight(line, "\r\n")); got > width {
				t.Errorf("at %d columns a line has %d: %q", width, got, line)
			}
		}
	}
	var b strings.Builder
	t.Setenv("COLUMNS", "")
	l := newTable(&b, "host", "id", "addresses", "labels", "group")
	l.AppendRow(cells)
	l.print()
	if strings.Count(b.String(), "\n") != 2 {
		t.Errorf("without a terminal: got\n%s\nwant one line for each row", b.String())
	}
}

func TestFittedColumns(t *testing.T) {
	columns := []column{{widest: 10}, {widest: 40}, {widest: 30, right: true}, {widest: 20}}
	for _, c := range []struct {
		width int
		want  []int
	}{
		{0, []int{10, 40, 30, 20}},
		{108, []int{10, 40, 30, 20}},
		{100, []int{10, 32, 30, 20}},
		{80, []int{10, 16, 30, 16}},
		{20, []int{8, 8, 30, 8}}, // amounts are not broken
	} {
		if got := fitted(columns, c.width); !slices.Equal(got, c.want) {
			t.Errorf("at %d columns: got %v, want %v", c.width, got, c.want)
		}
	}
}

// Amounts stand on the right, below each other.
func TestAmountsAreAligned(t *testing.T) {
	var b strings.Builder
	l := newTable(&b, "guest", "cpu")
	l.AppendRow([]any{"a", amount("12.50")})
	l.AppendRow([]any{"b", amount("2.00")})
	l.print()
	if want := " GUEST    CPU\n a      12.50\n b       2.00\n"; b.String() != want {
		t.Errorf("got\n%q\nwant\n%q", b.String(), want)
	}
}

// A terminal has colours for what needs attention, unless its user has none. A text of
// others brings no sequence of its own, also one of ours.
func TestColours(t *testing.T) {
	report := api.PolicyReport{Hosts: []api.HostPolicies{
		{Host: "h1", Error: "\x1b[31mit is\x1b[0m down"},
		{Host: "h2", Chains: []chain.Status{{Publisher: "north", Version: 7, Policies: []chain.PolicyStatus{
			{Name: "a", State: chain.StateActive},
		}}}},
	}}
	show := func(out *os.File) {
		if err := (&policyView{}).print(&plainWriter{to: out}, report); err != nil {
			t.Error(err)
		}
	}
	const red, green, end = "\x1b[31m", "\x1b[32m", "\x1b[0m"
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	shown := onTerminal(t, show)
	if !strings.Contains(shown, red+"NO ANSWER"+end) || !strings.Contains(shown, green+"active"+end) || strings.Count(shown, "\x1b") != 4 {
		t.Errorf("got %q, want NO ANSWER in red, active in green, and no other sequence", shown)
	}
	judged := func(out *os.File) {
		printJudged(&plainWriter{to: out}, "FAIL  a.txtar\nm.lcc:2:4: warning LCC031: no number\nparley: \x1b[31mno\x1b[2J")
	}
	if want := red + "FAIL" + end + "  a.txtar\r\nm.lcc:2:4: \x1b[33mwarning" + end + " LCC031: no number\r\n" + red + "parley:" + end +
		" no\uFFFD[2J\r\n"; onTerminal(t, judged) != want {
		t.Errorf("got %q, want %q", onTerminal(t, judged), want)
	}
	plays := func(out *os.File) {
		l := newTable(&plainWriter{to: out}, "plays")
		l.AppendRow([]any{verdicts{"idle", "overloaded(0.91)", "\x1b[31mx"}})
		l.print()
		sayf(&plainWriter{to: out}, "plays %s\n", verdicts{"overloaded(\x1b[2J)"})
	}
	want := " PLAYS\r\n idle, " + red + "overloaded(0.91)" + end + ", \uFFFD[31mx\r\n" +
		"plays " + red + "overloaded(\uFFFD[2J)" + end + "\r\n"
	if got := onTerminal(t, plays); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, value := range map[string]string{"NO_COLOR": "1", "TERM": "dumb"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if shown := onTerminal(t, show); strings.Contains(shown, "\x1b") || !strings.Contains(shown, "NO ANSWER") {
				t.Errorf("got %q, want no colours", shown)
			}
		})
	}
}
