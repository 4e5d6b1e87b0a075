package hostagent

import (
	"slices"
	"testing"
	"time"

	"parley/lcc"
)

// A deal says what the model was told of the guests that it compared with the one of the deal:
// those of one Step, with one load of the target.
func TestDealSaysWhatWasWeighed(t *testing.T) {
	w, a, b := adviceWorld(t)
	asked := func(guest string, load float64) float64 {
		a.asks("worth", lcc.String(guest), lcc.Float(load))
		return a.core.recommended.worthAway(a.core.load.guests[GuestID(guest)], load)
	}
	asked("web4", 0.2) // in an earlier Step
	w.run(time.Second)
	asked("web3", 0.1) // of another target
	want := []Weighed{{"web1", asked("web1", 0.2)}, {"web2", asked("web2", 0.2)}}
	if want[0].Worth == 0 {
		t.Fatalf("a move that costs something is worth nothing, neither more nor less")
	}
	for _, guest := range []GuestID{"web1", "web4"} {
		if why := w.moveByModel(b, guest); why != "" {
			t.Fatalf("%s is not recommended: %s", guest, why)
		}
	}
	got := map[GuestID][][]Weighed{}
	for _, host := range []*testHost{a, b} {
		for _, states := range host.outcome {
			for _, s := range states {
				if s.Side == TargetSide && s.Weighed != nil {
					t.Errorf("the target says %v", s.Weighed)
				}
				if s.Side == SourceSide {
					got[s.Guest] = append(got[s.Guest], s.Weighed)
				}
			}
		}
	}
	if list := got["web1"]; len(list) == 0 || !slices.Equal(list[0], want) {
		t.Errorf("the deal of web1 says %v, want %v", list, want)
	}
	if list := got["web4"]; len(list) == 0 || len(list[0]) != 1 {
		t.Errorf("the deal of web4 says %v, want web4 alone", list)
	}
}
