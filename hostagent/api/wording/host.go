package wording

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"

	"parley/hostagent/site"
)

// HostState is the state of a host in one word; one in capitals needs a person.
func HostState(h site.Host) string {
	switch {
	case h.Silent != "":
		return "NO ANSWER"
	case len(h.Problems) > 0:
		return "PROBLEM"
	case h.Drained:
		return "drained"
	case h.Paused:
		return "paused"
	case h.Load.Highest() > 1:
		return "overloaded"
	}
	return h.Mode
}

// HostNote says what is wrong with a host.
func HostNote(h site.Host) string {
	if h.Silent != "" {
		return h.Silent
	}
	var parts []string
	for _, p := range h.Problems {
		text := p.Text
		if p.About != "" {
			text = p.About + ": " + text
		}
		parts = append(parts, text)
	}
	const most = 3
	if n := len(parts) - most; n > 0 {
		parts = append(parts[:most], fmt.Sprintf("and %d more: -o json has all", n))
	}
	if n := h.Count(); h.Drained && n > 0 {
		parts = append(parts, english.Plural(n, "guest", "")+" to leave")
	}
	return strings.Join(parts, "; ")
}
