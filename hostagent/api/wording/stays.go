package wording

import (
	"fmt"
	"slices"
	"strings"

	"parley/hostagent/site"
)

// Stays says why no guest leaves a host now: that one does, what keeps all of them, or for what its
// policies wait; "" where the host does not say.
func Stays(h site.Host) string {
	switch {
	case h.Silent != "" || !h.Load.Known:
		return ""
	case h.Count() == 0:
		return "It has no guest that could leave."
	}
	if d, leaves := h.Leaving(); leaves {
		return fmt.Sprintf("%s leaves it now, for %s.", d.Name, d.Target)
	}
	switch {
	case h.Paused:
		return "It is paused, so no policy moves a guest: `parley resume` there ends that."
	case len(h.Models) == 0:
		return "It enacts no policy, so nothing moves its guests: `parley policy status` says which there are."
	}
	if why := allStay(h); why != "" {
		return why
	}
	var parts []string
	for _, m := range h.Models {
		if m.Wait != nil {
			parts = append(parts, waits(*m.Wait))
		}
	}
	if len(parts) > 0 && h.Mode != "auto" && h.Mode != "" {
		parts = append(parts, fmt.Sprintf("Its mode is %s: policies only say what they would do.", h.Mode))
	}
	return strings.Join(parts, " ")
}

// allStay says what keeps the guests, where no policy may move any of them.
func allStay(h site.Host) string {
	var why []string
	n := 0
	for _, g := range h.Guests {
		if g.Stays == "" {
			return ""
		}
		n++
		if !slices.Contains(why, g.Stays) {
			why = append(why, g.Stays)
		}
	}
	if n == 0 || h.GuestsOmitted > 0 {
		return ""
	}
	const most = 2
	if len(why) > most {
		why = append(why[:most], "and other reasons")
	}
	whose := "its only guest"
	if n > 1 {
		whose = fmt.Sprintf("any of its %d guests", n)
	}
	return fmt.Sprintf("No policy may move %s now: %s.", whose, strings.Join(why, "; "))
}

// waits says for what a policy waits, in one sentence, and what the levels in it mean.
func waits(w site.Wait) string {
	name := "Its model " + w.File
	if w.Policy != "" {
		name = "Its policy " + w.Policy
	}
	where := fmt.Sprintf("as `%s`, line %d of %s", digits(w.Role), w.Line, w.File)
	if w.Lacks == "" {
		return fmt.Sprintf("%s waits (%s): %s.", name, where, digits(strings.TrimPrefix(w.Why, "waits for time: ")))
	}
	text := fmt.Sprintf("%s waits until `%s` holds (%s): it is %s now.", name, w.Lacks, where, digits(w.Values))
	if sought, _, found := strings.Cut(w.Why, ": "); found && strings.HasPrefix(sought, "there is no ") {
		text += " No guest that it looked at fits."
	}
	var meant []string
	for _, g := range w.Grounds {
		if g.About != "" && (g.Kind == "fact" || g.Kind == "rule") {
			meant = append(meant, fmt.Sprintf("`%s`: %s", digits(g.Text), g.About))
		}
	}
	if len(meant) > 0 {
		text += " In its text, " + strings.Join(meant, "; ") + "."
	}
	return text
}
