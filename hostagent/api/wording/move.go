package wording

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"parley/hostagent/site"
	"parley/internal/bytesize"
)

// Move says in one sentence what became of a deal, why, what it cost and what it brought.
func Move(m site.Move) string {
	switch m.Deal.State {
	case "done":
		return cause(m) + fmt.Sprintf("%s moved from %s to %s%s%s.", guestOf(m), m.Deal.Source, m.Deal.Target, cost(m), gain(m)+outcome(m))
	case "refused", "expired", "withdrawn", "aborted":
		ended := "was " + m.Deal.State
		if m.Deal.State == "expired" {
			ended = "has expired"
		}
		return cause(m) + fmt.Sprintf("%s stays on %s; the move to %s %s%s.", guestOf(m), m.Deal.Source,
			cmp.Or(m.Deal.Target, "another host"), ended, because(m))
	case "stuck":
		return cause(m) + fmt.Sprintf("where %s runs only a person can find out%s.", guestOf(m), because(m))
	}
	return cause(m) + fmt.Sprintf("%s is on its way from %s to %s: %s%s.", guestOf(m), m.Deal.Source, m.Deal.Target,
		cmp.Or(m.Deal.Stage, m.Deal.State), progress(m))
}

// cause says who wanted a move.
func cause(m site.Move) string {
	switch {
	case m.Deal.Drain:
		return fmt.Sprintf("%s is drained: ", m.Deal.Source)
	case m.Deal.Operator:
		return "An operator gave the order: "
	}
	source, target := m.Deal.Source+at(m.SourceBefore), m.Deal.Target+at(m.TargetBefore)
	switch m.Deal.Begin.AskedBy {
	case "":
		return fmt.Sprintf("The policy chose, with %s and %s: ", source, target)
	case m.Deal.Target:
		return fmt.Sprintf("%s asked %s for a guest: ", target, source)
	}
	return fmt.Sprintf("%s asked %s to take a guest: ", source, target)
}

func at(s site.Share) string {
	if !s.Known {
		return ""
	}
	return fmt.Sprintf(" at %.0f %%", 100*s.Of)
}

// guestOf names a guest and its size.
func guestOf(m site.Move) string {
	if m.Deal.NeedMemory == 0 {
		return m.Deal.Name
	}
	return fmt.Sprintf("%s (%.1f cores, %s)", m.Deal.Name, m.Deal.NeedCPU, bytesize.Text(m.Deal.NeedMemory))
}

// cost is what a move took, and what was expected.
func cost(m site.Move) string {
	if m.Deal.Total == 0 {
		return ""
	}
	text := " in " + seconds(m.Deal.Total)
	if m.Deal.ExpectedTotal > 0 {
		text += " (expected: " + seconds(m.Deal.ExpectedTotal) + ")"
	}
	if m.Deal.Downtime > 0 {
		text += ", " + seconds(m.Deal.Downtime) + " of it stopped"
	}
	return text
}

// gain is what a move brought. Where other moves had a part in it, it says so.
func gain(m site.Move) string {
	if !m.SourceAfter.Known || !m.TargetAfter.Known || !m.SourceBefore.Known {
		return ""
	}
	when, are := "a minute later", "were"
	if !m.Settled { // they change until the minute is over
		when, are = "so far", "are"
	}
	switch {
	case m.Others == 1:
		when += ", with another move of theirs,"
	case m.Others > 1:
		when += fmt.Sprintf(", with %d other moves of theirs,", m.Others)
	}
	return fmt.Sprintf("; %s they %s%s and%s", when, are, at(m.SourceAfter), at(m.TargetAfter))
}

// outcome is what was measured after a move.
func outcome(m site.Move) string {
	if m.Deal.Sequel.Last() == nil {
		return ""
	}
	return "; " + Sequel(m.Deal.Sequel, m.Deal.Source)
}

// progress is how far a move in flight is.
func progress(m site.Move) string {
	if all := m.Deal.Transferred + m.Deal.Remaining; all > 0 {
		return fmt.Sprintf(", %.0f %% of %s", 100*float64(m.Deal.Transferred)/float64(all), bytesize.Text(all))
	}
	return ""
}

func because(m site.Move) string {
	if m.Deal.Reason == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(m.Deal.Reason, ".")
}

// seconds is a time with as many digits as matter, written as the page writes its times.
func seconds(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}
