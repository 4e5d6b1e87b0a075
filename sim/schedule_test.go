package sim

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent"
)

// An owner may overfill a host, but its agent may not: it reserves no room that it sees
// is taken, and admits no guest.
func TestOwnersMayFillHosts(t *testing.T) {
	o := pair(guest("g", 1, 0), guest("own", 1, 0))
	o.Guests[1].Absent = true
	o.Hosts[0].Capacity.MemoryBytes = 12 * gib
	s := bare(t, o)
	must(t, s.story(s.hosts[0], deal(hostagent.TargetSide, "1", "x", hostagent.Offered, 4*gib)))
	must(t, s.begins(s.guests[1], s.hosts[0]))
	must(t, s.checks.checkRoom(s.hosts[0]), s.checks.checkPromised(s.hosts[0]))
	s.now += 1e9
	must(t, s.checks.checkRoom(s.hosts[0])) // 16 of 12 GiB, by its owner
	wantError(t, s.checks.checkPromised(s.hosts[0]), "promised room take")
	wantError(t, s.checks.checkAdmitted(s.hosts[0], s.guests[1]), "a lets own in")
	must(t, s.ends(s.guests[1]), s.checks.checkPromised(s.hosts[0]), s.checks.whole())
	if s.guests[1].at != nil {
		t.Error("own runs, and was ended")
	}
}

// A guest that ends during its migration is nowhere, and its migration has ended.
func TestGuestEndsWhileItMoves(t *testing.T) {
	s := bare(t, pair(guest("g", 0, 0)))
	s.send(0, "g", "b", time.Hour, noWish)
	s.plan(time.Second, func() error { return s.ends(s.guests[0]) })
	if r := s.until(t, time.Hour); len(r.Moves) > 0 || len(s.hosts[0].here)+len(s.hosts[1].here)+len(s.hosts[1].coming) > 0 {
		t.Errorf("got %v, and guests on %v", r.Moves, s.hosts)
	}
	must(t, s.checks.whole())
}

// Migrations fail as configured: for some guests, for a time, with a chance.
func TestWhichMigrationsFail(t *testing.T) {
	f, err := newFailures(Site{Failing: []Failing{
		{Guests: []string{"web-*"}, To: []string{"b"}, How: "breaks", Since: time.Minute, Until: time.Hour},
		{How: "refuses", From: []string{"c"}, Chance: 0.5},
	}})
	must(t, err)
	for _, c := range []struct {
		guest, from, to string
		at              time.Duration
		want            string
	}{
		{"web-1", "a", "b", time.Minute, "breaks"},
		{"web-1", "a", "b", time.Second, ""},
		{"web-1", "a", "b", time.Hour, ""},
		{"web-1", "a", "c", time.Minute, ""},
		{"db", "a", "b", time.Minute, ""},
	} {
		got := ""
		if failing := f.of(c.guest, c.from, c.to, c.at); failing != nil {
			got = failing.How
		}
		if got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
	failed := 0
	for range 1000 {
		if f.of("db", "c", "b", 0) != nil {
			failed++
		}
	}
	if failed < 400 || failed > 600 {
		t.Errorf("%d of 1000 failed with a chance of a half", failed)
	}
	_, err = newFailures(Site{Failing: []Failing{{How: "melts"}}})
	wantError(t, err, `failing 1: how: "melts"`)
}

// A stalled migration is aborted at its deadline, and one whose call only misreports a
// failure arrives.
func TestHowMigrationsFail(t *testing.T) {
	s := bare(t, pair(guest("stalls", 0, 0), guest("lies", 0, 0)))
	s.send(0, "stalls", "b", 2*time.Minute, noWish)
	s.plan(1, func() error { s.migrations.beginFailing(s.guests[0].move, &Failing{How: "stalls"}); return nil })
	s.send(5*time.Minute, "lies", "b", time.Minute, noWish)
	s.plan(5*time.Minute+1, func() error { s.migrations.beginFailing(s.guests[1].move, &Failing{How: "misreports"}); return nil })
	r := s.until(t, time.Hour)
	if len(r.Moves) != 1 || r.Moves[0].Guest != "lies" {
		t.Errorf("got %v, want that of lies", r.Moves)
	}
}

// Guests wait for unserved demand: all of them if their host has too little, and one
// with a quota always.
func TestWaits(t *testing.T) {
	o := pair(guest("g", 8, 0), guest("h", 12, 0), guest("limited", 3, 0))
	o.Guests[2].Quota, o.Guests[2].Host = 1, "b"
	o.Waits = true
	s := bare(t, o)
	s.until(t, 100*time.Second)
	near(t, "wait of g", s.guests[0].cpu.waited.Seconds(), 400)
	near(t, "use of h", s.guests[1].cpu.time.Seconds(), 600)
	near(t, "wait of limited", s.guests[2].cpu.waited.Seconds(), 200)
	near(t, "use of limited", s.guests[2].cpu.time.Seconds(), 100)
	near(t, "pressure of a", s.hosts[0].pressure(s.o.Waits).CPU, 1)
	near(t, "pressure of b", s.hosts[1].pressure(s.o.Waits).CPU, 2.0/3)
	s.o.Waits = false
	if s.hosts[0].pressure(s.o.Waits).Known {
		t.Error("a site without waits shows pressure")
	}
}

// Expectations are checked: states by a time, during a time and at the end, and counts.
func TestExpectations(t *testing.T) {
	none := 0.0
	o := crooked(t, 4, 8, 1)
	o.Schedule = []Happening{{At: time.Minute, Do: "drain", Hosts: []string{"host01"}},
		{At: 20 * time.Minute, Do: "undrain", Hosts: []string{"host01"}}}
	o.Expect = []Expectation{
		{Host: "host01", Empty: true, By: 10 * time.Minute},
		{Host: "host01", Empty: true, From: 10 * time.Minute, Until: 20 * time.Minute},
		{Number: "stuck", Most: &none},
		{Told: "drain: done", Known: "nobody listens"},
		{Host: "host01", Empty: true, At: 2 * time.Second},
		{Guest: "guest01", Gone: true},
		{Number: "moves", Most: &none},
	}
	r, err := o.Run()
	must(t, err)
	want := []string{"drain: done", "at 2s: there are guest01", "runs nowhere: it runs", "moves, at most 0:"}
	if len(r.Unmet) != len(want) {
		t.Fatalf("got %q, want %d", r.Unmet, len(want))
	}
	for i, text := range want {
		if !strings.Contains(r.Unmet[i], text) {
			t.Errorf("got %q, want %q in it", r.Unmet[i], text)
		}
	}
}
