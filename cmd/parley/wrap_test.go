package main

import (
	"os"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"

	"parley/hostagent/api"
	"parley/sim"
)

func TestWrapped(t *testing.T) {
	for _, c := range []struct {
		width          int
		first, further string
		line, want     string
	}{
		{0, "- ", "  ", "a text of any width", "- a text of any width\n"},
		{24, "- ", "  ", "it is not moved now: it is pinned", "- it is not moved now:\n  it is pinned\n"},
		{24, "- ", "  ", "exactly as wide as it is", "- exactly as wide as it\n  is\n"},
		{24, "- ", "  ", "as wide as it can be:)", "- as wide as it can be:)\n"},
		{24, "the time before  ", "  ", "wide-words move below", "the time before\n  wide-words move below\n"},
		{24, "- ", "  ", "a wordthatiswiderthanthewidthofthisline b", "- a\n  wordthatiswiderthanthe\n  widthofthisline b\n"},
		{10, "- ", "  ", "narrow terminals break it", "- narrow terminals break it\n"},
	} {
		if got := wrapped(c.width, c.first, c.further, c.line); got != c.want {
			t.Errorf("%q at %d columns: got\n%s\nwant\n%s", c.line, c.width, got, c.want)
		}
	}
}

// An explanation names hosts, and its lines and those of a replay fit the terminal.
func TestStoriesFitTheTerminal(t *testing.T) {
	id := "12D3KooWExampleExampleExampleExampleExampleExampleEx"
	why := api.Explanation{Kind: "guest", Name: "web", Facts: []api.Fact{
		{Code: "guest_unmoved", Values: map[string]any{"reason": "the host " + id + " has no room for it, and no other host has any room for it"}},
	}}
	entry := sim.Entry{Host: "host-1", Kind: "send", Guest: "web", Text: strings.Repeat(`ask("web", need(1.5, 1660), 0.98) `, 5)}
	shown := onWidth(t, 80, func(out *os.File) {
		printExplanation(&plainWriter{to: out}, why, map[string]string{id: "host-2"})
		if err := printEntry(&plainWriter{to: out}, entry); err != nil {
			t.Error(err)
		}
	})
	if strings.Contains(shown, id) || !strings.Contains(shown, "the host host-2 has no room") || strings.Count(shown, "\n") < 5 {
		t.Errorf("got\n%s\nwant the name of the host, and each text on several lines", shown)
	}
	for line := range strings.Lines(shown) {
		if got := text.StringWidth(strings.TrimRight(line, "\r\n")); got > 80 {
			t.Errorf("a line has %d columns: %q", got, line)
		}
	}
}
