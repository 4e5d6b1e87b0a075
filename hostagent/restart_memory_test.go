package hostagent

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// records returns what an end has journalled since the last call.
func (e *end) records() (list [][]byte) {
	for _, effect := range e.out {
		if j, ok := effect.(Journal); ok {
			list = append(list, j.Record)
		}
	}
	e.out = nil
	return list
}

// restarted is a new run with a journal, at a wall-clock time; its first look shows the
// guests.
func restarted(t *testing.T, records [][]byte, wall time.Time, guests ...Guest) *end {
	t.Helper()
	e := &end{t: t, core: newCore(t, DefaultConfig()), now: 1}
	if _, err := e.core.Recover(records); err != nil {
		t.Fatal(err)
	}
	e.step(Observed{Wall: wall, Observation: Observation{Capacity: Resources{CPU: 8, MemoryBytes: 8 << 30}, Guests: guests}})
	return e
}

// fails makes two guests fail at a host, which is then avoided, and one guest be moved
// back here until it is in a duel.
func (e *end) fails() {
	for _, guest := range []GuestID{"web", "db"} {
		e.core.past.backoff.note(failedMove{guest: guest, host: "b", began: e.core.now, why: "it broke", begun: true}, e.core.now, e.core.wall)
	}
	for range duelTimes {
		e.core.past.foreignMoves.sentAway("own", e.core.now)
		e.core.past.foreignMoves.arrived("own", e.core.now, e.core.config)
	}
	e.later(time.Second)
	e.sees()
	e.durable()
}

const endWall = 1_700_000_000 // an end's clock when it begins

// Failures are avoided after a restart for as long as without one, and models are told.
// A clock that was, or is, ahead by a year prolongs that by no more than if all had
// just happened; a clock that is far behind ends it.
func TestMemoryOverRestart(t *testing.T) {
	h := newEnd(t, "h")
	h.fails()
	records := h.records()
	before := h.core.past.whyAvoidedHost("b", false)
	last := h.core.past.backoff.failed[attempt{host: "b"}].last
	left := time.Duration(h.core.past.backoff.modelUntil(attempt{host: "b"}, h.core.config.Cooldown, h.core.config.RetryEvery) - last)
	for _, test := range []struct {
		name string
		wall time.Time
		left time.Duration
	}{
		{"a minute later", time.Unix(endWall, 0).Add(time.Duration(last) + time.Minute), left - time.Minute},
		{"the clock was ahead by a year", time.Unix(endWall, 0).AddDate(-1, 0, 0), left},
		{"the clock is ahead by ten years", time.Unix(endWall, 0).AddDate(10, 0, 0), 0},
	} {
		r := restarted(t, Compact(records), test.wall)
		until := time.Duration(r.core.past.backoff.modelUntil(attempt{host: "b"}, r.core.config.Cooldown, r.core.config.RetryEvery) - r.core.now)
		if got := max(0, until); (got - test.left).Abs() > 2*time.Second {
			t.Errorf("%s: the host is left alone for %v, want %v", test.name, got, test.left)
		}
		avoided := false
		for _, effect := range r.out {
			if s, ok := effect.(Avoid); ok {
				avoided = s.On && s.Host == "b"
			}
		}
		if avoided != (test.left > 0) {
			t.Errorf("%s: models are told to leave it alone: %v", test.name, avoided)
		}
		if why := r.core.past.whyAvoidedHost("b", false); test.left > 0 && why != before {
			t.Errorf("%s: got %q, want %q", test.name, why, before)
		}
		if why := r.core.past.foreignMoves.why("own", r.core.now, r.core.config); why.Is() != (test.left > 0) {
			t.Errorf("%s: the duel: %q", test.name, why)
		}
		r.later(24 * time.Hour)
		r.step(Observed{Wall: test.wall.Add(24 * time.Hour), Observation: Observation{Capacity: Resources{CPU: 8, MemoryBytes: 8 << 30}}})
		if n := len(r.core.past.backoff.failed) + len(r.core.past.foreignMoves.duels); n > 0 {
			t.Errorf("%s: a day later %d things are remembered", test.name, n)
		}
	}
}

// The record about the host always has settings and memory: neither a change of
// settings before the first look nor one that is not durable yet loses either.
func TestHostRecordCarriesBoth(t *testing.T) {
	h := newEnd(t, "h")
	h.step(Ordered{ID: 1, Order: Set{Settings{Paused: true}}})
	h.fails() // the settings are not durable yet
	records := h.records()
	r := &end{t: t, core: newCore(t, DefaultConfig()), now: 1}
	if _, err := r.core.Recover(records); err != nil {
		t.Fatal(err)
	}
	r.step(Ordered{ID: 1, Order: Set{Settings{Paused: true, Drained: true}}}) // before the first look
	last := restarted(t, Compact(append(records, r.records()...)), time.Unix(endWall+60, 0))
	if last.core.permits.settings != (Settings{Paused: true, Drained: true}) || !last.core.past.whyAvoidedHost("b", false).Is() {
		t.Errorf("settings %+v; b is left alone: %q", last.core.permits.settings, last.core.past.whyAvoidedHost("b", false))
	}
}

// An order that comes while another one is not durable yet takes effect last, even if
// it restores the settings in force.
func TestLastSettingsHold(t *testing.T) {
	h := newEnd(t, "h")
	for i, drained := range []bool{true, false, true} {
		h.step(Ordered{ID: uint64(i), Order: Set{Settings{Drained: drained}}})
		if i == 0 {
			h.durable()
		}
	}
	h.durable()
	if !h.core.permits.settings.Drained {
		t.Error("the drain that was ordered last is not in force")
	}
	if r := restarted(t, h.records(), time.Unix(endWall, 0)); !r.core.permits.settings.Drained {
		t.Error("it is not after a restart")
	}
}

// A journal of a version without memory can be read, and so can what is appended to it.
func TestJournalWithoutMemory(t *testing.T) {
	wall := time.Unix(endWall, 0)
	records := [][]byte{
		encode(record{Deal: "d", Side: SourceSide, State: Done, Guest: "web", Source: "h", Target: "b", Wall: endWall}),
		encode(record{Side: hostSide, Settings: &Settings{Paused: true}}),
	}
	h := restarted(t, records, wall.Add(time.Minute))
	if !h.core.permits.settings.Paused || !h.core.within(h.core.past.movedAway["web"], h.core.config.ReturnAfter) {
		t.Errorf("settings %+v, moved away %v", h.core.permits.settings, h.core.past.movedAway)
	}
}

// The record stays within the journal's bound, however much is remembered; hosts take
// precedence over guests.
func TestMemoryIsBounded(t *testing.T) {
	h := newEnd(t, "h")
	long := fmt.Sprintf("%0250d", 7)
	for i := range 2000 {
		h.core.past.backoff.note(failedMove{guest: GuestID(fmt.Sprint(long, i)), host: HostID(fmt.Sprint("b", i%20)), why: long + long,
			begun: true}, lcc.Instant(i), h.core.wall)
		h.core.past.foreignMoves.arrived(GuestID(fmt.Sprint(long, i)), lcc.Instant(i), h.core.config)
		h.core.past.foreignMoves.sentAway(GuestID(fmt.Sprint(long, i)), lcc.Instant(i))
		h.core.past.movedAway[GuestID(fmt.Sprint(long, i))] = h.core.wall
	}
	data := h.core.past.encodeHost(Settings{})
	if len(data) > 1<<20 {
		t.Errorf("the record has %d bytes", len(data))
	}
	r := restarted(t, [][]byte{data}, time.Unix(endWall, 0))
	for i := range 20 {
		if r.core.past.backoff.failed[attempt{host: HostID(fmt.Sprint("b", i))}] == nil {
			t.Errorf("that guests failed at b%d is forgotten", i)
		}
	}
}

// Every record can be decoded, whatever its texts: long ones are cut between
// characters, and a hypervisor's error may be invalid UTF-8.
func TestRecordsOfAnyText(t *testing.T) {
	h := newEnd(t, "h")
	for i, why := range []string{strings.Repeat("ü", 150), "x" + strings.Repeat("ü", 150), "xy" + strings.Repeat("€", 90), "qemu: \xff\xfe"} {
		h.core.past.backoff.note(failedMove{guest: GuestID(fmt.Sprint("g", i)), host: "b", began: h.core.now, why: why, begun: true}, h.core.now,
			h.core.wall)
	}
	data := h.core.past.encodeHost(Settings{})
	r := restarted(t, [][]byte{data}, time.Unix(endWall, 0))
	if got := len(r.core.past.backoff.failed); got != len(h.core.past.backoff.failed) {
		t.Errorf("%d failures are remembered, want %d", got, len(h.core.past.backoff.failed))
	}
	deal := encode(record{Deal: "d", Side: SourceSide, State: Aborted, Guest: "g", Reason: "qemu: \xff\xfe"})
	if _, err := decodeRecord(deal); err != nil {
		t.Error(err)
	}
}

// Once a drain has ended, the guests that it moved may return at once, whatever moved them
// away before. What a policy moved away stays away for as long as without the drain,
// unless the drain has moved the last guest away. All holds after a restart, too.
func TestUndrainForgetsWhoLeft(t *testing.T) {
	keptAway := func(e *end, guest GuestID) bool {
		return e.core.past.awayFor(guest) > 0
	}
	web := Guest{ID: "web", Name: "web", State: Running, Declared: Resources{CPU: 1, MemoryBytes: 1 << 30}}
	stays := Guest{ID: "stays", Name: "stays", State: Running, Declared: Resources{CPU: 1, MemoryBytes: 1 << 30}}
	for _, c := range []struct {
		name          string
		before, after []Guest // here before and at the end of the drain
		policys, web  bool    // kept away after the drain
	}{
		{"the host was empty", nil, nil, true, true},
		{"the drain moves nothing", []Guest{stays}, []Guest{stays}, true, true},
		{"the drain moves one of two", []Guest{stays, web}, []Guest{stays}, true, false},
		{"the drain empties the host", []Guest{web}, nil, false, false},
	} {
		h := newEnd(t, "h")
		h.sees(c.before...)
		for _, guest := range []GuestID{"policys", "web"} {
			h.core.past.left(&deal{guest: guest}, h.core.wall)
		}
		h.step(Ordered{ID: 1, Order: Set{Settings{Drained: true}}})
		h.durable()
		h.later(time.Second)
		h.sees(c.after...)
		h.durable()
		h.step(Ordered{ID: 2, Order: Set{Settings{}}})
		h.durable()
		restarted := restarted(t, Compact(h.records()), h.core.wall.Add(time.Minute))
		for when, e := range map[string]*end{"undrained": h, "restarted": restarted} {
			if got := keptAway(e, "policys"); got != c.policys {
				t.Errorf("%s, %s: what a policy moved away is kept away: %v, want %v", c.name, when, got, c.policys)
			}
			if got := keptAway(e, "web"); got != c.web {
				t.Errorf("%s, %s: what was here last is kept away: %v, want %v", c.name, when, got, c.web)
			}
		}
	}
}

// The last deal about a guest says whether it is kept away, where no later record about the
// host does.
func TestLastDepartureCounts(t *testing.T) {
	var records [][]byte
	for i, operator := range []bool{false, true, false} {
		records = append(records, encode(record{
			Deal: DealID(fmt.Sprint(i)), Side: SourceSide, State: Done, Guest: "web", Source: "h", Target: "b", Operator: operator, Wall: endWall,
		}))
		r := restarted(t, records, time.Unix(endWall+60, 0))
		if _, kept := r.core.past.movedAway["web"]; kept == operator {
			t.Errorf("after %d deals it is kept away: %v", i+1, kept)
		}
	}
}
