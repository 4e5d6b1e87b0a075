package top

import (
	"fmt"
	"strings"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/site"
	"parley/internal/bytesize"
)

// tellHost describes a host.
func tellHost(h site.Host, moves []site.Move) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if h.Silent != "" {
		line("It does not answer: %s", h.Silent)
	} else {
		line("state    %s", wording.HostState(h))
		if note := wording.HostNote(h); note != "" {
			line("note     %s", note)
		}
		line("cpu      %.0f %% of %.0f cores", 100*h.Load.CPU, h.Load.CapacityCPU)
		line("memory   %.0f %% of %s", 100*h.Load.Memory, bytesize.Text(h.Load.CapacityMemory))
		if why := wording.Stays(h); why != "" {
			line("stays    %s", why)
		}
		line("labels   %s", strings.Join(h.Labels, " "))
		line("agent    %s, mode %s", h.Version, h.Mode)
		line("\nGuests:")
		for _, g := range h.Guests {
			line("  %s  %.1f cores  %s  %s  %s", g.Name, g.CPU, bytesize.Text(g.Memory), g.State, g.Stays)
		}
	}
	line("\nMoves:")
	for _, m := range moves {
		if m.Deal.Source == h.Host || m.Deal.Target == h.Host {
			line("  %s  %s", m.Begin().Local().Format(time.TimeOnly), wording.Move(m))
		}
	}
	return b.String()
}

// tellStory describes a move, with what its hosts tell of it.
func tellStory(m site.Move, story site.Story, report site.Report) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s\n", wording.Move(m))
	for _, text := range wording.Beside(m, story, report) {
		line("%s", text)
	}
	line("")
	for _, end := range story.Ends {
		if end.Silent != "" {
			line("%s does not say what it knows: %s", end.Host, end.Silent)
		}
		if len(end.Choice) > 0 {
			line("Guests that %s had, with their shares of it; * was chosen:", end.Host)
			wide := 0
			for _, c := range end.Choice {
				wide = max(wide, len([]rune(c.Name)))
			}
			for _, c := range end.Choice {
				mark := " "
				if c.Guest == m.Deal.Guest {
					mark = "*"
				}
				line("%s %-*s  cpu %3.0f %%  memory %3.0f %%%s  %s", mark, wide, c.Name, 100*c.CPU, 100*c.Memory, worthOf(c), c.Stays)
			}
		}
	}
	line("\nWho said what:")
	for _, s := range story.Transcript() {
		line("%s  %s: %s  (%s:%d)", s.At.Local().Format("15:04:05.000"), speaker(s), wording.Term(s.Term), s.Model, s.Line)
	}
	return b.String()
}

// worthOf is what the policy was told that the move of a guest is worth; "" if it did not ask.
func worthOf(c site.Candidate) string {
	if c.Worth == nil {
		return ""
	}
	return fmt.Sprintf("  worth %.3f cores", *c.Worth)
}

// tellWhy describes what an agent explains.
func tellWhy(why api.Explanation) string {
	var b strings.Builder
	for _, f := range why.Facts {
		fmt.Fprintf(&b, "- %s\n", wording.Fact(f))
	}
	for _, m := range why.Story {
		fmt.Fprintf(&b, "%s  %s\n", m.At.Local().Format(time.DateTime), wording.Fact(m.Fact))
	}
	return b.String()
}

// multiline is plain for a text of several lines.
func multiline(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	return strings.Join(lines, "\n")
}
