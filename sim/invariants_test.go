package sim

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent"
)

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

func deal(side hostagent.Side, id, guest string, state hostagent.DealState, bytes int64) hostagent.DealChanged {
	return hostagent.DealChanged{Deal: hostagent.DealID(id), Side: side, Guest: hostagent.GuestID(guest), Name: guest, State: state,
		Need: hostagent.Resources{MemoryBytes: bytes}}
}

// A ledger that reserves more room than there is is detected; reserving it again after
// its release is fine.
func TestRoomIsWatched(t *testing.T) {
	s := bare(t, pair(guest("g", 1, 0), guest("h", 1, 0)))
	a, b := s.hosts[0], s.hosts[1]
	must(t, s.story(b, deal(hostagent.TargetSide, "1", "g", hostagent.Offered, 40*gib)))
	must(t, s.story(b, deal(hostagent.TargetSide, "1", "g", hostagent.Armed, 40*gib))) // the same room
	wantError(t, s.story(b, deal(hostagent.TargetSide, "2", "h", hostagent.Offered, 25*gib)),
		"promised room take 69793218560 bytes of 68719476736")
	must(t, s.story(b, deal(hostagent.TargetSide, "2", "h", hostagent.Refused, 25*gib)))
	must(t, s.story(b, deal(hostagent.TargetSide, "3", "h", hostagent.Offered, 24*gib)))
	// Running guests count too: 16 of 64 GiB, so that 48 are left.
	must(t, s.story(a, deal(hostagent.TargetSide, "4", "x", hostagent.Offered, 48*gib)))
	wantError(t, s.story(a, deal(hostagent.TargetSide, "5", "y", hostagent.Offered, 1)), "on a")
}

// An arriving guest uses its reservation instead of additional room.
func TestRoomOfWhoArrives(t *testing.T) {
	o := pair(guest("g", 1, 0))
	o.Hosts[1].Capacity.MemoryBytes = 8 * gib
	s := bare(t, o)
	must(t, s.story(s.hosts[1], deal(hostagent.TargetSide, "1", "g", hostagent.Offered, 8*gib)))
	s.send(0, "g", "b", time.Minute, noWish)
	s.until(t, time.Hour)
	must(t, s.checks.checkRoom(s.hosts[1]))
	s.hosts[1].Capacity.MemoryBytes--
	wantError(t, s.checks.checkRoom(s.hosts[1]), "on b")
}

// A migration to a host without room is detected when it begins.
func TestMigrationBeyondRoom(t *testing.T) {
	o := pair(guest("g", 1, 0))
	o.Hosts[1].Capacity.MemoryBytes = 7 * gib
	s := bare(t, o)
	s.send(0, "g", "b", time.Minute, noWish)
	wantError(t, s.run(1000, nil), "on b")
}

func TestTwoDealsAreNoticed(t *testing.T) {
	s := bare(t, pair(guest("g", 1, 0)))
	a, b := s.hosts[0], s.hosts[1]
	must(t,
		s.story(a, deal(hostagent.SourceSide, "1", "g", hostagent.Intended, 0)),
		s.story(a, deal(hostagent.SourceSide, "1", "g", hostagent.Moving, 0)))
	wantError(t, s.story(a, deal(hostagent.SourceSide, "2", "g", hostagent.Intended, 0)), "g is in the deals 1 and 2")
	must(t,
		s.story(a, deal(hostagent.SourceSide, "1", "g", hostagent.Aborted, 0)),
		s.story(a, deal(hostagent.SourceSide, "2", "g", hostagent.Moving, 0)))
	s.send(0, "g", "b", time.Minute, noWish)
	s.plan(time.Second, func() error { return s.story(b, deal(hostagent.SourceSide, "3", "g", hostagent.Intended, 0)) })
	wantError(t, s.run(1e10, nil), "b commits to deal 3 about g, which is on its way from a")
	// After its arrival, the new host may have the guest in another deal, though the
	// old one has not yet learned the end.
	s.until(t, time.Hour)
	must(t,
		s.story(a, deal(hostagent.SourceSide, "2", "g", hostagent.Checking, 0)),
		s.story(b, deal(hostagent.SourceSide, "3", "g", hostagent.Intended, 0)),
		s.story(a, deal(hostagent.SourceSide, "2", "g", hostagent.Done, 0)))
	wantError(t, s.story(b, deal(hostagent.SourceSide, "4", "g", hostagent.Intended, 0)), "g is in the deals 3 and 4")
	if s.account.deals.done != 1 || s.account.deals.failed != 1 || s.result.Failed != 1 {
		t.Errorf("deals: got %+v, want one done and one failed", s.account.deals)
	}
}

func TestGuestTwiceOrNowhereIsNoticed(t *testing.T) {
	s := bare(t, pair(guest("g", 1, 0)))
	a, b, g := s.hosts[0], s.hosts[1], s.guests[0]
	must(t, s.checks.whole())
	b.here = insert(b.here, g)
	wantError(t, s.checks.whole(), "g is listed on b and is on a")
	g.at = b
	a.here = nil
	must(t, s.checks.whole())
	b.here = append(b.here, g)
	wantError(t, s.checks.whole(), "g runs 2 times")
	b.here = nil
	wantError(t, s.checks.whole(), "g runs 0 times")
}

// A deal that has not ended when the site is at rest is detected: here the test looks
// during the first migration.
func TestDealWithoutEndIsNoticed(t *testing.T) {
	o := crooked(t, 4, 24, 1)
	stopped := false
	o.OnEntry = func(entry Entry) { stopped = stopped || entry.Kind == "migrate" }
	o, err := o.withDefaults()
	must(t, err)
	s, err := newSite(o)
	must(t, err, s.run(1e15, func() bool { return stopped }))
	must(t, s.checks.ended()) // not at rest, so nothing is wrong yet
	s.result.Steady = true
	must(t, s.checks.ended()) // it has just begun
	s.o.Quiet = time.Millisecond
	wantError(t, s.checks.ended(), "does not end")
}
