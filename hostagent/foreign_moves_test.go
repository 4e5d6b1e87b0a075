package hostagent

import (
	"testing"
	"time"

	"parley/lcc"
)

// Someone moves a guest back each time that a policy has moved it away. After the second
// time it is left alone, each time twice as long: a handful of moves per day and not
// one every few minutes.
func TestDuelEnds(t *testing.T) {
	config := DefaultConfig()
	s := newForeignMoves()
	moves := 0
	for now := lcc.Instant(1); now < 24*60*minute; now += minute {
		s.pass(now, config)
		if s.why("web", now, config).Is() {
			continue
		}
		moves++
		s.sentAway("web", now)
		s.arrived("web", now+minute/2, config)
	}
	if moves < 4 || moves > 8 {
		t.Errorf("the guest was moved %d times in a day, want 4 to 8", moves)
	}
}

// A guest that returns long after it was moved away is in no duel, and a duel is
// forgotten when the guest is no longer moved back.
func TestDuelForgotten(t *testing.T) {
	config := DefaultConfig()
	s, now := newForeignMoves(), lcc.Instant(1)
	for range 10 {
		s.sentAway("web", now)
		now += duelWindow(config)
		s.pass(now, config)
		s.arrived("web", now, config)
	}
	if s.duels["web"] != nil {
		t.Error("moves hours apart are taken for a duel")
	}
	for range duelTimes {
		s.sentAway("web", now)
		s.returned("web", "", now, config)
	}
	if !s.why("web", now+30*minute, config).Is() {
		t.Error("a guest that was moved back twice is not left alone")
	}
	s.pass(now+24*60*minute, config)
	if s.duels["web"] != nil {
		t.Error("a day later the duel is remembered")
	}
}

// A guest that was here at the first look after a start did not arrive, nor did one
// that its owner starts; one that was incoming, or that has the mark of an earlier
// move, did arrive and has a cool-down.
func TestFirstLookIsNoArrival(t *testing.T) {
	was := time.Unix(1_600_000_000, 0)
	h := newEnd(t, "h", Guest{ID: "old", Name: "old", State: Running, MovedAt: was}, Guest{ID: "came", Name: "came", State: Incoming})
	look := func() {
		var list []Guest
		for id, at := range map[GuestID]time.Time{"old": was, "came": {}, "marked": was, "started": {}} {
			list = append(list, Guest{ID: id, Name: string(id), State: Running, MovedAt: at})
		}
		h.sees(list...)
		h.later(5 * time.Second)
		h.sees(list...)
	}
	look()
	for id, rests := range map[GuestID]bool{"old": false, "came": true, "marked": true, "started": false} {
		if why := h.core.eligible.whyNotMove(h.core.load.guests[id]); why.Is() != rests {
			t.Errorf("%s: got %q", id, why)
		}
	}
	h.later(h.core.config.Cooldown)
	look()
	if why := h.core.eligible.whyNotMove(h.core.load.guests["came"]); why.Is() {
		t.Errorf("after a cool-down: %q", why)
	}
}

// A current duel is listed, with wall-clock times; a past one is not.
func TestDuelIsListed(t *testing.T) {
	config := DefaultConfig()
	s, now, wall := newForeignMoves(), minute, time.Unix(1_700_000_000, 0)
	for range duelTimes {
		if list := s.fought(now, wall); len(list) != 0 {
			t.Fatalf("too early: %+v", list)
		}
		s.sentAway("web", now)
		s.returned("web", "", now, config)
	}
	list := s.fought(now+minute, wall)
	if len(list) != 1 || list[0].Guest != "web" || list[0].Times != duelTimes || !list[0].Last.Equal(wall.Add(-time.Minute)) ||
		!list[0].Until.After(wall) {
		t.Errorf("got %+v, want web, moved back a minute ago", list)
	}
	if list := s.fought(now+24*60*minute, wall); len(list) != 0 {
		t.Errorf("a day later: %+v", list)
	}
}
