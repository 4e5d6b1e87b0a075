package hostagent

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/lcc"
)

var stuckRecord = record{
	Deal: "d1", Side: TargetSide, State: Stuck, Guest: "g", Name: "web", Source: "src", Target: "tgt", Token: "t1", CPU: 1, Memory: 1 << 30,
}

// ranOn is an agent of a host that continues from a journal.
func ranOn(t *testing.T, self HostID, records [][]byte, guests ...Guest) *end {
	t.Helper()
	core, err := New(Options{Self: self, Config: configWith(func(c *Config) { c.SampleEvery, c.High = time.Second, 1 })})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.Recover(records); err != nil {
		t.Fatal(err)
	}
	e := &end{t: t, core: core, now: 1}
	e.looks(guests...)
	return e
}

// A deal that needs a person stays in the journal, even when it is compacted, until a
// person has acted or a later deal about the guest has begun.
func TestNeedOutlivesRunsAndCompaction(t *testing.T) {
	others := func(n int) (list [][]byte) {
		for i := range n {
			r := stuckRecord
			r.Deal, r.Guest, r.State = DealID(fmt.Sprint("e", i)), GuestID(fmt.Sprint("e", i)), Aborted
			list = append(list, encode(r))
		}
		return list
	}
	forgotten, later := stuckRecord, stuckRecord
	forgotten.Forgotten = true
	later.Deal, later.State = "d2", Done
	for name, c := range map[string]struct {
		records [][]byte
		want    bool
	}{
		"alone":                {[][]byte{encode(stuckRecord)}, true},
		"before many others":   {append([][]byte{encode(stuckRecord)}, others(endedMax+9)...), true},
		"a person has spoken":  {append([][]byte{encode(stuckRecord), encode(forgotten)}, others(3)...), false},
		"a later deal is done": {[][]byte{encode(stuckRecord), encode(later)}, false},
	} {
		for _, records := range [][][]byte{c.records, Compact(c.records), Compact(Compact(c.records))} {
			e := ranOn(t, "tgt", records, Guest{ID: "g", Name: "web", State: Running})
			if got := e.core.eligible.whyNotMove(e.core.load.guests["g"]) == personNeeded; got != c.want {
				t.Errorf("%s, %d records: needs a person %v, want %v", name, len(records), got, c.want)
			}
		}
	}
}

// A person's `forget` takes effect once it is durable.
func TestForgetIsDurable(t *testing.T) {
	e := ranOn(t, "tgt", [][]byte{encode(stuckRecord)}, Guest{ID: "g", Name: "web", State: Running})
	answers := func() (list []string) {
		for _, effect := range e.out {
			if done, is := effect.(OrderDone); is {
				list = append(list, done.Why.Detail)
			}
		}
		e.out = nil
		return list
	}
	e.step(Ordered{ID: 1, Order: Forget{Guest: "g"}})
	if got := answers(); len(got) != 0 || !e.core.ledger.needsPerson.wait("g") {
		t.Errorf("before it is durable: answers %q, needs a person %v", got, e.core.ledger.needsPerson.wait("g"))
	}
	e.durable()
	if got := answers(); len(got) != 1 || got[0] != "" || e.core.ledger.needsPerson.wait("g") {
		t.Errorf("afterwards: answers %q, needs a person %v", got, e.core.ledger.needsPerson.wait("g"))
	}
	e = ranOn(t, "tgt", [][]byte{encode(stuckRecord)})
	e.step(Ordered{ID: 1, Order: Forget{Guest: "g"}})
	e.step(Journalled{Err: errors.New("no space left").Error()})
	if got := answers(); len(got) != 1 || got[0] == "" || !e.core.ledger.needsPerson.wait("g") {
		t.Errorf("a journal that fails: answers %q, needs a person %v", got, e.core.ledger.needsPerson.wait("g"))
	}
}

// A later answer settles the deal: the other end is asked periodically, and when it is
// reachable again, and both platforms count once they show the guest at one end only.
// Outdated answers and looks do not count.
func TestLaterTruth(t *testing.T) {
	runs := Guest{ID: "g", Name: "web", State: Running}
	for name, c := range map[string]struct {
		side  Side
		here  []Guest
		there place
		want  DealState
	}{
		"target, gone from its source":    {TargetSide, []Guest{runs}, placeAbsent, Done},
		"target, on at its source":        {TargetSide, nil, placeRunning, Aborted},
		"target, shown twice still":       {TargetSide, []Guest{runs}, placeRunning, Stuck},
		"target, nowhere":                 {TargetSide, nil, placeAbsent, Stuck},
		"source, runs at its target":      {SourceSide, nil, placeRunning, Done},
		"source, not at its target":       {SourceSide, []Guest{runs}, placeAbsent, Aborted},
		"source, being moved still":       {SourceSide, []Guest{{ID: "g", Name: "web", State: Running, Leaving: true}}, placeAbsent, Stuck},
		"source, paused at its target":    {SourceSide, nil, placePaused, Stuck},
		"source, its target sees nothing": {SourceSide, []Guest{runs}, placeUnknown, Stuck},
	} {
		t.Run(name, func(t *testing.T) {
			r := stuckRecord
			self, other := r.Target, r.Source
			if r.Side = c.side; c.side == SourceSide {
				self, other = other, self
			}
			e := ranOn(t, self, [][]byte{encode(r)}, c.here...)
			e.out = nil
			e.step(Reachable{Host: other, Up: true})
			asked := e.said(kindWhere)
			if len(asked) != 1 {
				t.Fatalf("questions when the other end can be reached: got %d, want 1", len(asked))
			}
			e.hears(other, payload{Kind: kindHere, Deal: "d1", Token: asked[0].Token, Place: c.there, Over: true})
			if got := e.core.book.endedDeal("d1").state; got != Stuck {
				t.Errorf("by a look from before the answer: %s, want stuck", got)
			}
			e.looks(c.here...)
			if got := e.core.book.endedDeal("d1").state; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := e.core.ledger.needsPerson.wait("g"); got != (c.want == Stuck) {
				t.Errorf("needs a person: %v", got)
			}
		})
	}
}

// The other end is asked as long as a person is needed, but rarely.
func TestPersonsAreAskedAbout(t *testing.T) {
	e := ranOn(t, "tgt", [][]byte{encode(stuckRecord)})
	e.step(Woken{})
	e.out = nil
	for range 600 {
		e.later(time.Second)
		e.step(Woken{})
	}
	if n := len(e.said(kindWhere)); n < 4 || n > 6 {
		t.Errorf("questions in ten minutes: got %d, want one every two minutes", n)
	}
}

// An answer is as old as its question: answers older than the latest one, or from
// before the looking began, are ignored, and an old answer expires.
func TestWordHasAnAge(t *testing.T) {
	var w partnerWord
	first := w.ask(10)
	second := w.ask(20)
	w.hear(payload{Token: second, Place: placeAbsent})
	w.hear(payload{Token: first, Place: placeRunning})
	if w.place != placeAbsent {
		t.Errorf("after an answer that was overtaken: got %q", w.place)
	}
	if got := w.latest(25, 5); got != placeAbsent {
		t.Errorf("in time: got %q", got)
	}
	if got := w.latest(26, 5); got != placeUnknown {
		t.Errorf("too old: got %q", got)
	}
	w.forget(30)
	w.hear(payload{Token: second, Place: placeRunning})
	if w.place != placeUnknown {
		t.Errorf("an answer from before: got %q", w.place)
	}
	w.ask(40)
	w.hear(payload{Place: placeRunning})
	if w.place != placeRunning || w.about != 40 {
		t.Errorf("an answer that says nothing of its question: got %+v", w)
	}
	w.hear(payload{Token: "99", Place: placeAbsent})
	if w.about > 40 {
		t.Errorf("an answer to a question of tomorrow: got %+v", w)
	}
}

// A guest that arrived and was ended by its owner, before it was reported gone from its
// source, has arrived: no person is needed.
func TestEndedAfterItCame(t *testing.T) {
	target := newEnd(t, "tgt")
	offer := target.offered()
	target.hears("src", commitOf(offer))
	target.durable()
	if ok, why := target.admits("g", offer); !ok {
		t.Fatal(why)
	}
	target.sees(Guest{ID: "g", Name: "web", State: Running})
	target.sees()
	target.hears("src", payload{Kind: kindHere, Deal: offer.Deal, Place: placeAbsent, Over: true})
	target.looks()
	if d := target.core.book.endedDeal(offer.Deal); d == nil || d.state != Done || target.core.ledger.needsPerson.wait("g") {
		t.Errorf("the deal: got %+v, want it done", d)
	}
}

// A source that sees its guest, and whose target showed it as well before it fell
// silent, asks a person to look, and asks no one to stop a copy.
func TestSilentAfterItShowedTheGuest(t *testing.T) {
	r := stuckRecord
	r.Side, r.State = SourceSide, Moving
	e := ranOn(t, "src", [][]byte{encode(r)}, Guest{ID: "g", Name: "web", State: Running})
	e.hears("tgt", payload{Kind: kindHere, Deal: "d1", Place: placeRunning})
	for range 600 {
		e.later(time.Second)
		e.sees(Guest{ID: "g", Name: "web", State: Running})
		e.step(Woken{})
	}
	d := e.core.book.endedDeal("d1")
	want := "the guest runs here; host tgt has shown it as well, and has been silent since: look whether it runs there"
	if d == nil || d.reason.Detail != want {
		t.Fatalf("the deal: got %+v, want %q", d, want)
	}
	e.hears("tgt", payload{Kind: kindHere, Deal: "d1", Place: placeAbsent, Over: true})
	e.looks(Guest{ID: "g", Name: "web", State: Running})
	if d.state != Aborted || lcc.Instant(d.next) != 0 {
		t.Errorf("once the target is back: got %s, want aborted", d.state)
	}
}
