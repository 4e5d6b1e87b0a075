package service

import (
	"fmt"
	"testing"
	"time"

	"parley/hostagent"
)

// A repeated refusal is kept once, and displaces nothing.
func TestHistoryOfRefusals(t *testing.T) {
	var h history
	at := time.Unix(1_700_000_000, 0)
	h.note(hostagent.DealChanged{Deal: "d", Guest: "web", State: hostagent.Done, Side: hostagent.SourceSide}, at)
	for i := range 3 * historyMax {
		h.note(hostagent.DealChanged{
			Deal: hostagent.DealID(fmt.Sprint(i)), Guest: hostagent.GuestID(fmt.Sprint(i % 2)), State: hostagent.Refused, Reason: "full",
			Side: hostagent.TargetSide,
		}, at.Add(time.Duration(i)))
	}
	if len(h.ended) != 3 || h.ended[0].Deal != "d" {
		t.Fatalf("got %d entries, the first %+v, want the deal and two refusals", len(h.ended), h.ended[0])
	}
	if last := h.ended[2]; !last.At.Equal(at.Add(3*historyMax - 1)) {
		t.Errorf("the last refusal is of %v, want the latest", last.At)
	}
}

// A deal that needed a person and is settled is shown once, as it ended.
// Other deals that need one stay.
func TestHistoryOfSettledDeals(t *testing.T) {
	var h history
	at := time.Unix(1_700_000_000, 0)
	stuck := hostagent.DealChanged{Deal: "d", Guest: "web", State: hostagent.Stuck, Side: hostagent.SourceSide}
	h.note(stuck, at)
	other := stuck
	other.Deal = "e"
	h.note(other, at)
	stuck.State = hostagent.Done
	h.note(stuck, at.Add(time.Minute))
	if len(h.ended) != 2 || h.ended[0].Deal != "e" || h.ended[0].State != "stuck" || h.ended[1].Deal != "d" || h.ended[1].State != "done" {
		t.Errorf("got %+v, want the other deal that is stuck, and the settled one", h.ended)
	}
}

// A guest that came back and has ended since did not move to where it was before.
func TestLeftForAfterReturn(t *testing.T) {
	var h history
	at := time.Unix(1_700_000_000, 0)
	h.note(hostagent.DealChanged{
		Deal: "1", Guest: "id", Name: "web", State: hostagent.Done, Side: hostagent.SourceSide, Source: "h1", Target: "h2",
	}, at)
	if to, _, ok := h.leftFor("web"); !ok || to != "h2" {
		t.Errorf("after it left: got %q, %v, want h2", to, ok)
	}
	h.note(hostagent.DealChanged{
		Deal: "2", Guest: "id", Name: "web", State: hostagent.Done, Side: hostagent.TargetSide, Source: "h2", Target: "h1",
	}, at)
	if to, _, ok := h.leftFor("web"); ok {
		t.Errorf("after it came back: got that it is at %q, want no such word", to)
	}
}
