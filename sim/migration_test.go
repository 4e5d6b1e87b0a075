package sim

import (
	"testing"
	"time"

	"parley/hostagent"
)

const ms = time.Millisecond

// noWish is a migration without limits of its own.
var noWish hostagent.Migration

// Rounds get shorter until the rest fits the downtime: 8, 2 and 0.5 s, then 0.125 s and
// the pause.
func TestMigrationRounds(t *testing.T) {
	s := bare(t, pair(guest("g", 4, gib/4)))
	s.send(0, "g", "b", time.Minute, noWish)
	r := s.until(t, time.Hour)
	if len(r.Moves) != 1 || r.Moves[0].From != "a" || r.Moves[0].To != "b" {
		t.Fatalf("got %v, want one move from a to b", r.Moves)
	}
	m := r.Moves[0]
	nearTime(t, "took", m.Took, 10675*ms)
	nearTime(t, "downtime", m.Downtime, 175*ms)
	if want := int64(10.625 * gib); m.Bytes != want {
		t.Errorf("bytes: got %d, want %d", m.Bytes, want)
	}
	near(t, "sent", r.Figures.SentGiB, 10.625)
	near(t, "moved", r.Figures.MovedGiB, 8)
	near(t, "sum of downtimes", r.Figures.Downtime, 0.175)
	if err := s.checks.whole(); err != nil || s.guests[0].at != s.hosts[1] {
		t.Errorf("it is on %s (%v), want b", s.guests[0].at.Name, err)
	}
}

func TestMigrationTime(t *testing.T) {
	for _, c := range []struct {
		name           string
		cpu, writes    float64
		working        float64
		host           Migration
		want           hostagent.Migration
		took, downtime time.Duration
	}{
		{name: "nothing is written", took: 8050 * ms, downtime: 50 * ms},
		{name: "half the use, half the writing", cpu: 2, writes: gib / 2, took: 10675 * ms, downtime: 175 * ms},
		{name: "more use than processors writes no more", cpu: 8, writes: gib / 4, took: 10675 * ms, downtime: 175 * ms},
		{name: "the working set bounds a round", cpu: 4, writes: 2 * gib, working: gib / 4, took: 8300 * ms, downtime: 300 * ms},
		{name: "the deal allows less downtime", cpu: 4, writes: gib / 4, want: hostagent.Migration{DowntimeMax: 100 * ms}, took: 10706250 * time.Microsecond, downtime: 81250 * time.Microsecond},
		{name: "the deal bounds the bandwidth", want: hostagent.Migration{BandwidthMax: gib / 2}, took: 16050 * ms, downtime: 50 * ms},
		{name: "the site bounds the rate", host: Migration{Rate: gib / 4}, took: 32050 * ms, downtime: 50 * ms},
		{name: "the link bounds the rate", host: Migration{Rate: 9 * gib}, took: 8050 * ms, downtime: 50 * ms},
		{name: "a rate of its own", host: Migration{Rate: 2 * gib, Unshared: true}, took: 4050 * ms, downtime: 50 * ms},
		{name: "another pause", host: Migration{Pause: time.Second}, took: 9 * time.Second, downtime: time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := guest("g", c.cpu, c.writes)
			if c.working > 0 {
				g.WorkingSet = c.working
			}
			o := pair(g)
			o.Migration = c.host
			s := bare(t, o)
			s.send(time.Second, "g", "b", 10*time.Minute, c.want)
			r := s.until(t, time.Hour)
			if len(r.Moves) != 1 {
				t.Fatalf("got %d moves, want 1", len(r.Moves))
			}
			nearTime(t, "took", r.Moves[0].Took, c.took)
			nearTime(t, "downtime", r.Moves[0].Downtime, c.downtime)
		})
	}
}

// Two migrations over one link take twice as long; with Unshared they do not.
func TestMigrationsShareLinks(t *testing.T) {
	for _, unshared := range []bool{false, true} {
		o := pair(guest("g", 0, 0), guest("h", 0, 0))
		want := 16050 * ms
		if unshared {
			o.Migration, want = Migration{Rate: gib, Unshared: true}, 8050*ms
		}
		s := bare(t, o)
		s.send(0, "g", "b", time.Hour, noWish)
		s.send(0, "h", "b", time.Hour, noWish)
		for _, m := range s.until(t, time.Hour).Moves {
			if (m.Took - want).Abs() > 60*ms { // the second pauses alone
				t.Errorf("unshared %v: %s took %v, want %v", unshared, m.Guest, m.Took, want)
			}
		}
		if len(s.result.Moves) != 2 {
			t.Errorf("unshared %v: got %d moves, want 2", unshared, len(s.result.Moves))
		}
	}
}

// The second begins when the first is half done: both share the link until the first
// ends, and the second then has all of it.
func TestMigrationBeginsInTheMidst(t *testing.T) {
	s := bare(t, pair(guest("g", 0, 0), guest("h", 0, 0)))
	s.send(0, "g", "b", time.Hour, noWish)
	s.send(4*time.Second, "h", "b", time.Hour, noWish)
	r := s.until(t, time.Hour)
	if len(r.Moves) != 2 {
		t.Fatalf("got %d moves, want 2", len(r.Moves))
	}
	nearTime(t, "first", r.Moves[0].At, 12050*ms)
	// 4 GiB until 12 s, and 25 MiB in the pause of the first.
	nearTime(t, "second", r.Moves[1].At, 12050*ms+3975*ms+50*ms)
}

// The migration of a guest that writes faster than its link is aborted at the deadline,
// and a migration that shared the link has all of it from then on.
func TestMigrationDoesNotConverge(t *testing.T) {
	s := bare(t, pair(guest("g", 4, 2*gib), guest("h", 0, 0)))
	var kept []string
	s.o.OnEntry = func(entry Entry) {
		if entry.Kind == "kept" {
			kept = append(kept, entry.Guest+": "+entry.Text)
		}
	}
	s.send(0, "g", "b", time.Minute, noWish)
	s.send(58*time.Second, "h", "b", time.Minute, noWish)
	r := s.until(t, time.Hour)
	if len(kept) != 1 || kept[0] != "g: the migration passed its deadline" {
		t.Errorf("kept: got %q, want g at its deadline", kept)
	}
	if len(r.Moves) != 1 || r.Moves[0].Guest != "h" {
		t.Fatalf("moves: got %v, want that of h", r.Moves)
	}
	nearTime(t, "h took", r.Moves[0].Took, 9050*ms) // one of two seconds' worth is lost to g
	if g := s.guests[0]; g.at != s.hosts[0] || g.move != nil || len(s.hosts[1].coming) > 0 || len(s.hosts[0].flows)+len(s.hosts[1].flows) > 0 {
		t.Error("g: got traces of its migration, want none")
	}
}

func TestMigrationAborted(t *testing.T) {
	s := bare(t, pair(guest("g", 0, 0), guest("h", 0, 0)))
	s.send(0, "g", "b", time.Hour, noWish)
	s.send(0, "h", "b", time.Hour, noWish)
	s.plan(8*time.Second, func() error {
		s.migrations.abort(s.hosts[1], "g") // not the guest's source
		s.migrations.abort(s.hosts[0], "nobody")
		s.migrations.abort(s.hosts[0], "g")
		s.migrations.abort(s.hosts[0], "g") // once is enough
		return nil
	})
	r := s.until(t, time.Hour)
	if len(r.Moves) != 1 || r.Moves[0].Guest != "h" {
		t.Fatalf("moves: got %v, want that of h", r.Moves)
	}
	nearTime(t, "h took", r.Moves[0].Took, 12050*ms)
}

// A migration to a sleeping host waits for its boot; one to a booting host waits for
// the rest of it; one to a running host does not wait.
func TestMigrationWakesHost(t *testing.T) {
	o := pair(guest("g", 0, 0), guest("h", 0, 0), guest("i", 0, 0))
	o.Power = Power{Off: "empty", After: 10 * time.Minute, Shutdown: time.Minute, Boot: 2 * time.Minute}
	o.Migration = Migration{Rate: gib, Unshared: true}
	s := bare(t, o)
	s.send(20*time.Minute, "g", "b", time.Hour, noWish)
	s.send(21*time.Minute, "h", "b", time.Hour, noWish)
	s.send(30*time.Minute, "i", "b", time.Hour, noWish)
	r := s.until(t, time.Hour)
	if len(r.Moves) != 3 || r.Figures.Boots != 1 {
		t.Fatalf("got %d moves and %d boots, want 3 and 1", len(r.Moves), r.Figures.Boots)
	}
	nearTime(t, "g took", r.Moves[0].Took, 2*time.Minute+8050*ms)
	nearTime(t, "h took", r.Moves[1].Took, time.Minute+8050*ms)
	nearTime(t, "i took", r.Moves[2].Took, 8050*ms)
}

// A host that is shutting down finishes that first.
func TestMigrationToHostThatShutsDown(t *testing.T) {
	for at, want := range map[time.Duration]time.Duration{
		9 * time.Minute: 0, 11 * time.Minute: 3*time.Minute + 2*time.Minute, 14 * time.Minute: 2 * time.Minute, 20 * time.Minute: 2 * time.Minute,
	} {
		o := pair(guest("g", 0, 0))
		o.Power = Power{Off: "empty", After: 10 * time.Minute, Shutdown: 4 * time.Minute, Boot: 2 * time.Minute}
		s := bare(t, o)
		s.send(at, "g", "b", time.Hour, noWish)
		if r := s.until(t, time.Hour); len(r.Moves) != 1 {
			t.Errorf("at %v: got %d moves, want 1", at, len(r.Moves))
		} else {
			nearTime(t, "at "+at.String(), r.Moves[0].Took, want+8050*ms)
		}
	}
}

// A host that stops while a guest waits for its boot does not receive the guest.
func TestHostStopsWhileItBoots(t *testing.T) {
	o := pair(guest("g", 0, 0))
	o.Power = Power{Off: "empty", After: time.Minute, Boot: 2 * time.Minute}
	s := bare(t, o)
	s.send(20*time.Minute, "g", "b", time.Hour, noWish)
	s.plan(21*time.Minute, func() error { return s.stop(s.hosts[1], time.Hour) })
	if r := s.until(t, 50*time.Minute); len(r.Moves) != 0 || s.guests[0].move != nil {
		t.Errorf("got %d moves, want none and the guest where it was", len(r.Moves))
	}
}
