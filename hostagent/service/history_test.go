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
