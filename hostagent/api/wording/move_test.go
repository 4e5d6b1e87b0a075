package wording

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent/audit"
	"parley/hostagent/site"
)

func TestMove(t *testing.T) {
	began := time.Unix(1_800_000_000, 0).UTC()
	past := func(loads ...byte) *site.Past {
		return &site.Past{End: began.Add(time.Duration(len(loads)-2) * 15 * time.Second), Step: 15, CPU: loads, Memory: make([]byte, len(loads))}
	}
	deal := func(change func(*site.Deal)) site.Deal {
		d := site.Deal{
			Deal: "d1", Name: "web", Source: "h1", Target: "h2", Side: "source", State: "done", At: began.Add(3 * time.Second),
			Begin: site.Begin{At: began, Load: 0.91, AskedBy: "h1"}, NeedCPU: 2.14, NeedMemory: 4 << 30,
			Total: 3120 * time.Millisecond, Prospect: audit.Prospect{ExpectedTotal: 2900 * time.Millisecond},
			Downtime: 24 * time.Millisecond,
		}
		if change != nil {
			change(&d)
		}
		return d
	}
	for want, change := range map[string]func(*site.Deal){
		"h1 at 91 % asked h2 at 42 % to take a guest: web (2.1 cores, 4.00 GiB) moved from h1 to h2 in 3.1 s (expected: 2.9 s), " +
			"24 ms of it stopped; a minute later they were at 77 % and at 56 %.": nil,
		"h2 at 42 % asked h1 at 91 % for a guest: web (2.1 cores, 4.00 GiB) is on its way from h1 to h2: copy, 25 % of 4.00 GiB.": func(d *site.Deal) {
			d.State, d.Stage, d.Begin.AskedBy, d.Transferred, d.Remaining = "moving", "copy", "h2", 1<<30, 3<<30
		},
		"h1 is drained: web stays on h1; the move to h2 was aborted: it took too long.": func(d *site.Deal) {
			d.State, d.Operator, d.Drain, d.Reason, d.NeedMemory = "aborted", true, true, "it took too long.", 0
		},
		"An operator gave the order: where web runs only a person can find out: both show it.": func(d *site.Deal) {
			d.State, d.Operator, d.Reason, d.NeedMemory = "stuck", true, "both show it", 0
		},
		"The policy chose, with h1 and h2: web moved from h1 to h2.": func(d *site.Deal) {
			*d = site.Deal{Deal: "d1", Name: "web", Source: "h1", Target: "h2", Side: "source", State: "done", At: began}
		},
	} {
		target := deal(change)
		target.Side, target.Begin.Load = "target", 0.42
		r := site.Report{Hosts: []site.Host{
			{Host: "h1", State: site.State{Ended: []site.Deal{deal(change)}, Past: past(90, 91, 91, 80, 77, 77, 77, 77)}},
			{Host: "h2", State: site.State{Ended: []site.Deal{target}, Past: past(40, 42, 42, 50, 56, 56, 56, 56)}},
		}}
		moves := r.Moves()
		if len(moves) != 1 {
			t.Fatalf("got %d moves, want one of both ends", len(moves))
		}
		if got := Move(moves[0]); got != want {
			t.Errorf("got %q\nwant %q", got, want)
		}
	}
}

// Loads after a move that are not those of a minute later, or to which other moves added, are
// not told as if this move alone had brought them.
func TestMoveBesideOthers(t *testing.T) {
	began := time.Unix(1_800_000_000, 0).UTC()
	deal := func(id, target string, after time.Duration) site.Deal {
		return site.Deal{
			Deal: id, Name: id, Source: "h1", Target: target, Side: "source", State: "done", At: began.Add(after + 3*time.Second),
			Begin: site.Begin{At: began.Add(after), Load: 0.9, AskedBy: "h1"},
		}
	}
	host := func(name string, percent byte, until time.Duration, deals ...site.Deal) site.Host {
		past := &site.Past{End: began.Add(until), Step: 15, CPU: make([]byte, 20), Memory: make([]byte, 20)}
		for i := range past.CPU {
			past.CPU[i] = percent
		}
		return site.Host{Host: name, State: site.State{Ended: deals, Past: past}}
	}
	for _, c := range []struct {
		until time.Duration
		deals []site.Deal
		want  string // of the first deal
	}{
		{2 * time.Minute, []site.Deal{deal("a", "h2", 0)}, "; a minute later they were at 40 % and at 30 %."},
		{30 * time.Second, []site.Deal{deal("a", "h2", 0)}, "; so far they are at 40 % and at 30 %."},
		{2 * time.Minute, []site.Deal{deal("a", "h2", 0), deal("b", "h3", 10*time.Second)},
			"; a minute later, with another move of theirs, they were at 40 % and at 30 %."},
		{30 * time.Second, []site.Deal{deal("a", "h2", 0), deal("b", "h3", 10*time.Second), deal("c", "h2", 20*time.Second)},
			"; so far, with 2 other moves of theirs, they are at 40 % and at 30 %."},
		{3 * time.Minute, []site.Deal{deal("a", "h2", 0), deal("b", "h3", 2*time.Minute), deal("c", "h2", -time.Minute)},
			"; a minute later they were at 40 % and at 30 %."},
	} {
		r := site.Report{Hosts: []site.Host{host("h1", 40, c.until, c.deals...), host("h2", 30, c.until), host("h3", 20, c.until)}}
		for _, m := range r.Moves() {
			if got := Move(m); m.Deal.Deal == "a" && !strings.HasSuffix(got, c.want) {
				t.Errorf("got %q\nwant it to end with %q", got, c.want)
			}
		}
	}
}
