package hostagent

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/lcc"
)

// Guests are expected to leave in order, each to the host with the most memory left; a
// host that does not say what it has left is never full.
func TestSurveyForesees(t *testing.T) {
	has := func(cores float64, bytes int64) Resources { return Resources{CPU: cores, MemoryBytes: bytes} }
	gib := func(n int64) Resources { return has(1, n<<30) }
	needs := map[GuestID]Resources{"a": gib(8), "b": gib(4), "c": gib(4), "d": gib(4), "e": has(9, 1<<30)}
	need := func(id GuestID) (Resources, bool) { r, here := needs[id]; return r, here }
	for _, test := range []struct {
		name string
		free map[HostID]Resources
		stay []GuestID
	}{
		{"room for the first two", map[HostID]Resources{"x": has(8, 10<<30), "y": has(8, 5<<30)}, []GuestID{"c", "d", "e"}},
		{"room for all but the one with nine cores", map[HostID]Resources{"x": has(8, 64<<30), "y": has(8, 64<<30)}, []GuestID{"e"}},
		{"y does not say", map[HostID]Resources{"x": has(8, 1<<30)}, nil},
		{"cores run out", map[HostID]Resources{"x": has(3, 64<<30), "y": has(0.5, 64<<30)}, []GuestID{"d", "e"}},
	} {
		var s survey
		s.begin(nil, 1)
		s.free = test.free
		for _, id := range []GuestID{"a", "gone", "b", "c", "d", "e"} {
			s.takes = append(s.takes, taker{id, []HostID{"x", "y"}})
		}
		if stay := s.foresee(need); !slices.Equal(stay, test.stay) {
			t.Errorf("%s: got %v, want %v to stay", test.name, stay, test.stay)
		}
	}
}

// A drain of hundreds of guests asks about a few at a time, knows the answer for each
// before any leaves, and blames no host for answering.
func TestSurveyOfManyGuests(t *testing.T) {
	const guests = 300
	var list []Guest
	for i := range guests {
		list = append(list, Guest{ID: GuestID(fmt.Sprint("g", i)), Name: fmt.Sprint("g", i), State: Running})
	}
	h := newEnd(t, "h", list...)
	h.step(Reachable{Host: "b", Up: true})
	h.step(Ordered{ID: 1, Order: Set{Settings{Drained: true}}})
	h.durable()
	asked := 0
	for {
		blamed := slices.ContainsFunc(h.out, func(e Effect) bool { _, is := e.(Misbehaved); return is })
		if blamed {
			t.Fatalf("who has answered %d questions is blamed", asked)
		}
		quotes := h.said(kindQuote)
		if len(quotes) == 0 {
			break
		}
		if len(quotes) > surveyAtOnce {
			t.Fatalf("%d guests are asked about at once, want %d at most", len(quotes), surveyAtOnce)
		}
		for _, q := range quotes {
			h.hears("b", payload{Kind: kindRefuse, Deal: q.Deal, Reason: "there is no room for it"})
		}
		asked += len(quotes)
	}
	if asked != guests {
		t.Errorf("%d guests were asked about, want %d", asked, guests)
	}
	for _, g := range h.core.Status().Guests {
		if !g.Blocked.Is() {
			t.Errorf("it is not said that %s finds no room", g.Name)
		}
	}
}

// A silent host is waited for once and not for each guest; the first move does not wait
// forever. What a busy host says about a guest is only temporary.
func TestSurveyGoesOnWithoutAnswers(t *testing.T) {
	h := newEnd(t, "h", Guest{ID: "one", Name: "one", State: Running}, Guest{ID: "two", Name: "two", State: Running})
	for _, host := range []HostID{"busy", "silent"} {
		h.step(Reachable{Host: host, Up: true})
	}
	h.step(Ordered{ID: 1, Order: Set{Settings{Drained: true}}})
	h.durable()
	for _, q := range h.said(kindQuote) {
		h.hears("busy", payload{Kind: kindRefuse, Deal: q.Deal, Reason: "the limit of guests on their way", Busy: true})
	}
	h.later(time.Duration(h.core.config.RetryEvery))
	h.step(Woken{})
	s := &h.core.operator.emptying.survey
	if !s.over || !s.silent["silent"] || s.silent["busy"] {
		t.Errorf("after one pause: over: %v, silent: %v", s.over, s.silent)
	}
	for _, g := range h.core.Status().Guests {
		if g.Blocked.Is() {
			t.Errorf("%s is said to stay, and only a busy host has answered: %s", g.Name, g.Blocked)
		}
	}
	if len(h.core.operator.operatorMoves) != 1 {
		t.Errorf("%d guests have their turn, want 1", len(h.core.operator.operatorMoves))
	}
}

// A target says that it never has room for a guest even while another one is incoming;
// about other guests it says that it is busy.
func TestQuoteSaysWhatLasts(t *testing.T) {
	target := newEnd(t, "b")
	if _, why := target.proposes("a", "d1", "first", 1<<30); why != "" {
		t.Fatal(why)
	}
	for memory, busy := range map[int64]bool{1 << 30: true, 9 << 30: false} {
		id := DealID(fmt.Sprint("q", memory))
		target.hears("c", payload{Kind: kindQuote, Deal: id, Guest: "g", CPU: 1, Memory: memory})
		answers := target.said(kindRefuse)
		if got := answers[len(answers)-1]; got.Deal != id || got.Busy != busy {
			t.Errorf("%d GiB: got %+v, want busy: %v", memory>>30, got, busy)
		}
	}
}

// Once a drain is withdrawn no alarm of its survey is left.
func TestSurveyEndsWithDrain(t *testing.T) {
	h := newEnd(t, "h", Guest{ID: "web", Name: "web", State: Running})
	h.step(Reachable{Host: "b", Up: true})
	for i, drained := range []bool{true, false} {
		h.step(Ordered{ID: uint64(i), Order: Set{Settings{Drained: drained}}})
		h.durable()
		if at := h.core.operator.emptying.survey.next(); (at != 0) != drained {
			t.Errorf("drained: %v: answers are waited for until %d", drained, at)
		}
	}
	if h.core.alarm != lcc.Instant(0) {
		t.Errorf("an alarm is set for %d", h.core.alarm)
	}
}
