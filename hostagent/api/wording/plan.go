package wording

import (
	"fmt"
	"time"

	"parley/hostagent/site"
)

// Planned says in one sentence what a policy recommends, and why.
func Planned(m site.Move) string {
	return cause(m) + fmt.Sprintf("%s would go from %s to %s.", guestOf(m), m.Deal.Source, m.Deal.Target)
}

// Drain says how far a drain is.
func Drain(d site.Draining) string {
	gone := count(d.Gone, "guest has", "guests have") + " left"
	switch {
	case d.Drain.Home:
		return fmt.Sprintf("%s takes back the guests that its drain moved away: %s still away.", d.Host, count(d.Gone, "is", "are"))
	case d.Drain.Ended != "":
		return fmt.Sprintf("The drain of %s has ended before it was empty, %s: %s.", d.Host, gone, d.Drain.Ended)
	case d.Left == 0:
		return fmt.Sprintf("%s is empty, %s; it stays so until `parley undrain`.", d.Host, gone)
	}
	text := fmt.Sprintf("%s is drained: %s, %s", d.Host, gone, count(d.Left, "is left", "are left"))
	switch {
	case len(d.Stuck) >= d.Left:
		text += ", and none of these can leave"
	case d.Rest > 0:
		text += ", which takes about " + about(d.Rest) + " if it goes as fast as so far"
	case len(d.InFlight) == 0:
		text += ", and none is on its way now"
	}
	if !d.Drain.Until.IsZero() {
		text += "; it ends at " + d.Drain.Until.Local().Format(time.TimeOnly) + " in any case"
	}
	return text + "."
}

func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", more)
}

// about is a time that is only estimated.
func about(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return count(max(1, int(d.Round(time.Second).Seconds())), "second", "seconds")
	case d < 90*time.Minute:
		return count(int(d.Round(time.Minute).Minutes()), "minute", "minutes")
	}
	return count(int(d.Round(time.Hour).Hours()), "hour", "hours")
}
