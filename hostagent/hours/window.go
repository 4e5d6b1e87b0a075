package hours

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Window is a stretch of time that comes again. Either Allow or Deny is set: a schedule in
// the notation of cron, five fields for minute, hour, day of the month, month and day of
// the week, or one of @hourly, @daily, @weekly, @monthly and @yearly.
type Window struct {
	// Allow is when a window begins in which policies may move guests. With one or more of
	// them policies move guests in no other time.
	Allow string `yaml:"allow"`
	// Deny is when a window begins in which policies move no guest. It overrides Allow.
	Deny string `yaml:"deny"`
	// For is how long the window lasts.
	For time.Duration `yaml:"for"`
	// Zone is the time zone of the schedule, such as Europe/Berlin; "": the machine's.
	Zone string `yaml:"zone"`
	// Drains has the drain of the host wait for the end of the window as well; with Deny only.
	Drains bool `yaml:"drains"`
	// Why is shown to people, such as "backup".
	Why string `yaml:"why"`
}

// Limits of windows.
const (
	LongestWindow = 7 * 24 * time.Hour
	whyMost       = 100 // bytes
)

// Fault is what is wrong with a key of a Window.
type Fault struct{ Key, Text string }

func (f *Fault) Error() string { return f.Key + " " + f.Text }

// window is a Window that was read.
type window struct {
	Window
	schedule cron.Schedule
	zone     *time.Location // nil: that of the moment
}

var notation = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// read checks a window. It looks up its time zone on this machine.
func (w Window) read() (read window, fault *Fault) {
	read.Window = w
	key, schedule := "allow", w.Allow
	if w.Deny != "" {
		key, schedule = "deny", w.Deny
	}
	switch {
	case w.Allow == "" && w.Deny == "":
		return read, &Fault{"allow", `is missing: give allow or deny a schedule of cron, such as "0 22 * * *" for each day at 22:00`}
	case w.Allow != "" && w.Deny != "":
		return read, &Fault{"deny", "stands beside allow: a window either allows or denies; write two"}
	case w.For < time.Minute || w.For > LongestWindow:
		return read, &Fault{"for", fmt.Sprintf("is %v: give how long the window lasts, from 1m to %v", w.For, LongestWindow)}
	case w.Drains && w.Deny == "":
		return read, &Fault{"drains", "belongs to a window that denies: a drain waits for its end"}
	case len(w.Why) > whyMost:
		return read, &Fault{"why", fmt.Sprintf("has %d bytes: give at most %d", len(w.Why), whyMost)}
	}
	if strings.HasPrefix(schedule, "@every") || strings.Contains(schedule, "TZ=") {
		return read, &Fault{key, fmt.Sprintf("is %q: give five fields such as \"0 22 * * 1-5\"; the time zone has a key of its own, zone",
			schedule)}
	}
	var err error
	if read.schedule, err = notation.Parse(schedule); err != nil {
		return read, &Fault{key, fmt.Sprintf("is %q: %v; give minute, hour, day of the month, month and day of the week, such as "+
			`"0 22 * * 1-5"`, schedule, err)}
	}
	if w.Zone != "" {
		if read.zone, err = time.LoadLocation(w.Zone); err != nil {
			return read, &Fault{"zone", fmt.Sprintf("is %q, which this machine does not know: give one such as Europe/Berlin or UTC; "+
				"the package tzdata has them", w.Zone)}
		}
	}
	if read.schedule.Next(someMonday).IsZero() {
		return read, &Fault{key, fmt.Sprintf("is %q, which never comes", schedule)}
	}
	return read, nil
}

// someMonday is a moment after which each schedule that can come does.
var someMonday = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// end is when the window ends that a moment is in; false: it is in none. Windows that
// follow each other without a gap are one; of more than a week of them it is the week's end.
func (w window) end(at time.Time) (time.Time, bool) {
	end, in := time.Time{}, false
	for begin := w.next(at.Add(-w.For)); !begin.IsZero(); begin = w.next(begin) {
		if !in && begin.After(at) || in && begin.After(end) || begin.Sub(at) > LongestWindow {
			break
		}
		end, in = begin.Add(w.For), true
	}
	return end, in
}

// next is when the window begins next after a moment, in the moment's zone; zero: never.
func (w window) next(at time.Time) time.Time {
	if w.zone == nil {
		return w.schedule.Next(at)
	}
	next := w.schedule.Next(at.In(w.zone))
	if next.IsZero() {
		return next
	}
	return next.In(at.Location())
}
