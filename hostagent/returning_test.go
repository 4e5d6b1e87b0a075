package hostagent

import (
	"testing"
	"time"

	"parley/lcc"
)

// asksFor reserves room for the guest g of src, and returns what the ledger asks src.
func (e *end) asksFor() payload {
	e.t.Helper()
	need := lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024))
	e.step(Act{ID: 1, Goal: lcc.NewTerm("reserve", lcc.String("g"), need, lcc.String("src"), &lcc.Var{Name: "D"})})
	return e.said(kindAsk)[0]
}

// A guest that a model wants back where it was stays for the time that its former host says,
// and is not offered meanwhile. A full host gives it away.
func TestNoReturn(t *testing.T) {
	g := Guest{ID: "g", Name: "web", State: Running}
	for name, c := range map[string]struct {
		load float64 // of the source, all of it by the guest
		full bool
	}{"at rest": {0.5, false}, "full": {1, true}} {
		source, target := newEnd(t, "src", g), newEnd(t, "tgt")
		target.core.past.left(&deal{guest: "g"}, target.core.wall.Add(-10*time.Minute))
		if c.full {
			source.core.load.guests["g"].use.mean = 8
		}
		ask := target.asksFor()
		if want := int64(50 * 60); ask.Seconds != want {
			t.Errorf("%s: the target asks for %d s, want %d", name, ask.Seconds, want)
		}
		source.hears("tgt", ask)
		refused := source.said(kindRefuse)
		if c.full != (len(refused) == 0) || !c.full && refused[0].Code != CodeReturn {
			t.Errorf("%s: got %+v", name, refused)
		}
		if got := asked(t, source.core, "guest", "_", "need(1.0, 1024)") == "no"; got == c.full {
			t.Errorf("%s: the guest is offered no more: %v", name, got)
		}
		// The target does not rely on the source for it.
		target.hears("src", payload{Kind: kindDescribe, Deal: ask.Deal, Guest: "g", Name: "web", CPU: 1, Memory: 1 << 30, Load: c.load})
		target.durable()
		if offers := len(target.said(kindOffer)); offers != map[bool]int{true: 1}[c.full] {
			t.Errorf("%s: %d offers", name, offers)
		}
	}
}

// Once the time is over, the guest is offered again, and may return. One that is gone is
// forgotten.
func TestReturnsLater(t *testing.T) {
	g := Guest{ID: "g", Name: "web", State: Running}
	source := newEnd(t, "src", g)
	source.hears("tgt", payload{Kind: kindAsk, Deal: "d1", Guest: "g", Seconds: 600})
	stays := func() bool { return source.core.eligible.whyNotMove(source.core.load.guests["g"]).Code == CodeReturn }
	for _, wait := range []struct {
		after time.Duration
		stays bool
	}{{time.Second, true}, {598 * time.Second, true}, {time.Second, false}} {
		source.later(wait.after)
		source.sees(g)
		if stays() != wait.stays {
			t.Errorf("%v later: it stays: %v, want %v", wait.after, stays(), wait.stays)
		}
	}
	source.hears("tgt", payload{Kind: kindAsk, Deal: "d2", Guest: "g", Seconds: 600})
	if !stays() {
		t.Error("it does not stay, want it to")
	}
	source.later(time.Second)
	source.sees()
	if n := len(source.core.past.returning); n != 0 {
		t.Errorf("%d guests are remembered that are gone", n)
	}
}
