package hours

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	where, err := time.LoadLocation(zone)
	if err != nil {
		t.Skipf("this machine has no time zones: %v", err)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04:05", text, where)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func plan(t *testing.T, list ...Window) Plan {
	t.Helper()
	p, faults := Read(list)
	for i, f := range faults {
		t.Fatalf("window %d: %v", i, f)
	}
	return p
}

var (
	nights = Window{Allow: "0 22 * * 1-5", For: 8 * time.Hour}
	backup = Window{Deny: "30 1 * * *", For: time.Hour, Drains: true, Why: "backup"}
)

func TestPlan(t *testing.T) {
	both := plan(t, nights, backup)
	for _, c := range []struct {
		plan  Plan
		at    string // 2026-03-02 is a Monday
		want  Closed
		until string
	}{
		{Plan{}, "2026-03-02 12:00:00", Closed{}, ""},
		{both, "2026-03-02 21:59:59", Closed{Is: true}, "2026-03-02 22:00:00"},
		{both, "2026-03-02 22:00:00", Closed{}, ""},
		{both, "2026-03-03 01:29:59", Closed{}, ""},
		{both, "2026-03-03 01:30:00", Closed{Is: true, Denied: true, Drains: true, Why: "backup"}, "2026-03-03 02:30:00"},
		{both, "2026-03-03 02:30:00", Closed{}, ""},
		{both, "2026-03-03 05:59:59", Closed{}, ""},
		{both, "2026-03-03 06:00:00", Closed{Is: true}, "2026-03-03 22:00:00"},
		{both, "2026-03-07 12:00:00", Closed{Is: true}, "2026-03-09 22:00:00"}, // Saturday
		{plan(t, backup), "2026-03-02 12:00:00", Closed{}, ""},
		// Two that deny: the last end counts, and what is said there.
		{plan(t, backup, Window{Deny: "0 2 * * *", For: time.Hour, Why: "index"}), "2026-03-03 02:10:00",
			Closed{Is: true, Denied: true, Drains: true, Why: "index"}, "2026-03-03 03:00:00"},
		// One that follows itself without a gap lasts on.
		{plan(t, Window{Deny: "0 * * * *", For: time.Hour}), "2026-03-02 12:10:00", Closed{Is: true, Denied: true}, "2026-03-09 13:00:00"},
	} {
		got := c.plan.At(at(t, "UTC", c.at))
		if c.until != "" {
			c.want.Until = at(t, "UTC", c.until)
		}
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.at, got, c.want)
		}
	}
}

// A schedule has its own zone, or that of the moment.
func TestZones(t *testing.T) {
	tokyo := plan(t, Window{Deny: "0 9 * * *", For: time.Hour, Zone: "Asia/Tokyo"})
	if got := tokyo.At(at(t, "UTC", "2026-03-02 00:30:00")); !got.Is || !got.Until.Equal(at(t, "UTC", "2026-03-02 01:00:00")) {
		t.Errorf("at half past nine in Tokyo: got %+v, want closed until 01:00 UTC", got)
	}
	local := plan(t, Window{Deny: "0 9 * * *", For: time.Hour})
	if got := local.At(at(t, "Asia/Tokyo", "2026-03-02 09:30:00")); !got.Is {
		t.Errorf("half past nine where the host is: got %+v, want closed", got)
	}
	if got := local.At(at(t, "UTC", "2026-03-02 00:30:00")); got.Is {
		t.Errorf("half past midnight where the host is: got %+v, want open", got)
	}
	// Berlin's clocks go from 02:00 to 03:00 on 2026-03-29: the window that lasts from
	// 01:30 on ends an hour later by the clock on the wall.
	summer := plan(t, Window{Deny: "30 1 * * *", For: time.Hour, Zone: "Europe/Berlin"})
	begins := at(t, "Europe/Berlin", "2026-03-29 01:30:00")
	if got := summer.At(at(t, "Europe/Berlin", "2026-03-29 03:10:00")); !got.Is || got.Until.Sub(begins) != time.Hour {
		t.Errorf("when summer begins: got %+v, want closed for an hour", got)
	}
}

// A plan that is closed stays closed until the time that it says.
func TestUntil(t *testing.T) {
	p := plan(t, nights, backup, Window{Deny: "0 3 * * 2", For: 45 * time.Minute})
	var until time.Time
	changes, was := 0, false
	for moment := at(t, "UTC", "2026-03-02 00:00:00"); moment.Before(at(t, "UTC", "2026-03-16 00:00:00")); moment = moment.Add(time.Minute) {
		is := p.At(moment)
		if moment.Before(until) && !is.Is {
			t.Fatalf("%v: open, and it said that it is closed until %v", moment, until)
		}
		if is.Is {
			until = is.Until
		}
		if is.Is != was {
			changes++
		}
		was = is.Is
	}
	// Each of ten nights opens and closes, and has a backup in it; of two Tuesdays' nights one more.
	if want := 2*10 + 2*10 + 2*2 + 1; changes != want {
		t.Errorf("got %d changes in two weeks, want %d", changes, want)
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		window Window
		key    string
		says   string
	}{
		{Window{For: time.Hour}, "allow", "is missing"},
		{Window{Allow: "@daily", Deny: "@daily", For: time.Hour}, "deny", "write two"},
		{Window{Deny: "@daily"}, "for", "from 1m"},
		{Window{Deny: "@daily", For: 169 * time.Hour}, "for", "168h"},
		{Window{Allow: "@daily", For: time.Hour, Drains: true}, "drains", "denies"},
		{Window{Deny: "@every 1h", For: time.Hour}, "deny", "five fields"},
		{Window{Deny: "CRON_TZ=UTC 0 1 * * *", For: time.Hour}, "deny", "zone"},
		{Window{Deny: "TZ=", For: time.Hour}, "deny", "zone"},
		{Window{Deny: "0 25 * * *", For: time.Hour}, "deny", "give minute, hour"},
		{Window{Deny: "1 hour", For: time.Hour}, "deny", "give minute, hour"},
		{Window{Allow: "0 0 30 2 *", For: time.Hour}, "allow", "never comes"},
		{Window{Deny: "@daily", For: time.Hour, Zone: "Mars/Olympus"}, "zone", "tzdata"},
		{Window{Deny: "@daily", For: time.Hour, Why: strings.Repeat("x", 101)}, "why", "at most 100"},
	} {
		p, faults := Read([]Window{backup, c.window})
		if fault := faults[1]; len(faults) != 1 || fault == nil || fault.Key != c.key || !strings.Contains(fault.Text, c.says) {
			t.Errorf("%+v: got %v, want a fault of %s that says %q", c.window, faults, c.key, c.says)
		}
		if !reflect.DeepEqual(p, plan(t, backup)) {
			t.Errorf("%+v: the plan has other windows than the one that is right", c.window)
		}
	}
}
