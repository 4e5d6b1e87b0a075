package notify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent/site"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// told are the messages of a look at seconds after the start, in short.
func told(w *Watch, seconds int, problems ...site.Problem) string {
	var parts []string
	for _, m := range w.Look(start.Add(time.Duration(seconds)*time.Second), problems) {
		text := fmt.Sprintf("%s %s", m.Event, m.About)
		if m.Ended {
			text += " ended"
		}
		if m.Omitted > 0 {
			text += fmt.Sprintf(" after %d", m.Omitted)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func TestWatch(t *testing.T) {
	drain, duel := site.Problem{Kind: site.DrainStuck, About: "db", Text: "no room"}, site.Problem{Kind: site.Duel, About: "web"}
	w := NewWatch(Host{"h1", "id"}, Choice{After: time.Minute, Most: 5})
	for _, step := range []struct {
		at       int
		problems []site.Problem
		want     string
	}{
		{0, []site.Problem{drain}, ""},
		{59, []site.Problem{drain, duel}, ""},
		{60, []site.Problem{drain, duel}, "drain_stuck db"},
		{100, []site.Problem{{Kind: site.DrainStuck, About: "db", Text: "other words"}, duel}, ""},
		{119, []site.Problem{drain, duel}, "duel web"},
		{130, []site.Problem{duel}, "drain_stuck db ended"},
		{140, []site.Problem{drain, duel}, ""},
		{150, nil, "duel web ended"}, // the drain was short, and nobody was told of it
		{160, []site.Problem{drain}, ""},
		{230, []site.Problem{drain}, "drain_stuck db"},
		{240, nil, ""}, // the limit is reached
		{250, []site.Problem{duel}, ""},
		{400, []site.Problem{duel}, ""},
		{3700, []site.Problem{duel, drain}, ""},
		{3701, nil, "duel web ended after 2"}, // of the hour, two are left
		{9999, nil, ""},
	} {
		if got := told(w, step.at, step.problems...); got != step.want {
			t.Errorf("at %d: got %q, want %q", step.at, got, step.want)
		}
	}
}

// A receiver is told of the kinds that it has chosen.
func TestWatchKinds(t *testing.T) {
	w := NewWatch(Host{"h1", "id"}, Choice{Kinds: []site.Kind{site.Duel}, Most: 9})
	if got := told(w, 0, site.Problem{Kind: site.Audit}, site.Problem{Kind: site.Duel, About: "web"}); got != "duel web" {
		t.Errorf("got %q", got)
	}
}

func TestLine(t *testing.T) {
	for want, m := range map[string]Message{
		"Parley on h1: db: does not leave":                      {Host: "h1", About: "db", Text: "does not leave"},
		"Parley on h1: no longer: db: does not leave":           {Host: "h1", About: "db", Text: "does not leave", Ended: true},
		"Parley on h1: no longer: the guests cannot be seen":    {Host: "h1", Text: "the guests cannot be seen", Ended: true},
		"Parley on h1: x (3 earlier messages were left out: se": {Host: "h1", Text: "x", Omitted: 3},
	} {
		if got := m.Line(); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Problems that begin at one look are told in the same order each time.
func TestWatchOrder(t *testing.T) {
	var problems []site.Problem
	for i := range 20 {
		problems = append(problems, site.Problem{Kind: site.Duel, About: fmt.Sprintf("g%02d", i)})
	}
	w := NewWatch(Host{"h1", "id"}, Choice{Most: 99})
	w.Look(start, problems)
	var abouts []string
	for _, m := range w.Look(start.Add(time.Second), nil) {
		abouts = append(abouts, m.About)
	}
	if len(abouts) != 20 || !slices.IsSorted(abouts) {
		t.Errorf("got %v", abouts)
	}
}
