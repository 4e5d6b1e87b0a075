package recall

import (
	"fmt"
	"testing"
	"time"

	"parley/hostagent"
)

// The begins of deals are bounded, and the guest of a deal is among those that are kept.
func TestOriginsBounded(t *testing.T) {
	var o Origins
	s := hostagent.Status{Known: true, Capacity: hostagent.Resources{CPU: 100, MemoryBytes: 1}}
	for i := range 2 * choiceMax {
		id := hostagent.GuestID(fmt.Sprint(i))
		s.Guests = append(s.Guests, hostagent.GuestStatus{Guest: hostagent.Guest{ID: id, State: hostagent.Running}, CPU: float64(i)})
	}
	o.Looked(s)
	for i := range 2 * originsMax {
		o.Note(hostagent.DealChanged{Deal: hostagent.DealID(fmt.Sprint(i)), Side: hostagent.SourceSide, Guest: "3"}, "", time.Now())
	}
	last := o.Of(fmt.Sprint(2*originsMax-1), string(hostagent.SourceSide))
	choice := last.Choice
	if len(o.began) != originsMax || len(o.order) != originsMax || len(choice) != choiceMax || choice[choiceMax-1].Guest != "3" {
		t.Errorf("got %d begins, and of the last one %d guests that end with %v", len(o.began), len(choice), choice[len(choice)-1:])
	}
	if o.Of("0", string(hostagent.SourceSide)).Choice != nil {
		t.Error("a begin that was displaced is still there")
	}
}

// What a model was told of guests is kept with them.
func TestOriginsWeighed(t *testing.T) {
	var o Origins
	s := hostagent.Status{Known: true, Capacity: hostagent.Resources{CPU: 4, MemoryBytes: 1}}
	for _, id := range []hostagent.GuestID{"a", "b", "c"} {
		s.Guests = append(s.Guests, hostagent.GuestStatus{Guest: hostagent.Guest{ID: id, Name: string(id), State: hostagent.Running}})
	}
	o.Looked(s)
	o.Note(hostagent.DealChanged{
		Deal: "d", Side: hostagent.SourceSide, Guest: "a",
		Weighed: []hostagent.Weighed{{Guest: "a", Worth: 0.5}, {Guest: "c"}, {Guest: "gone", Worth: 1}},
	}, "", time.Now())
	o.Note(hostagent.DealChanged{Deal: "e", Side: hostagent.SourceSide, Guest: "a"}, "", time.Now())
	choice := o.Of("d", string(hostagent.SourceSide)).Choice
	if len(choice) != 3 || choice[0].Worth == nil || *choice[0].Worth != 0.5 ||
		choice[1].Worth != nil || choice[2].Worth == nil || *choice[2].Worth != 0 {
		t.Errorf("got %+v, want what a and c are worth", choice)
	}
	if later := o.Of("e", string(hostagent.SourceSide)).Choice; later[0].Worth != nil {
		t.Errorf("another deal has it too: %+v", later)
	}
}
