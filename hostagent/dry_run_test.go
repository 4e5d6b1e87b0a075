package hostagent

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/lcc"
)

// foreseen returns the answer to the latest Foresee, if there is one.
func (e *end) foreseen() (done OrderDone, ok bool) {
	for _, effect := range e.out {
		if d, is := effect.(OrderDone); is {
			done, ok = d, true
		}
	}
	return done, ok
}

// A dry run of hundreds of guests asks about a few at a time, blames no host for
// answering, and changes nothing.
func TestDryRunOfManyGuests(t *testing.T) {
	const guests = 300
	var list []Guest
	for i := range guests {
		list = append(list, Guest{ID: GuestID(fmt.Sprint("g", i)), Name: fmt.Sprint("g", i), State: Running})
	}
	h := newEnd(t, "h", list...)
	h.step(Reachable{Host: "b", Up: true})
	h.step(Ordered{ID: 1, Order: Foresee{}})
	for {
		if slices.ContainsFunc(h.out, func(e Effect) bool { _, is := e.(Misbehaved); return is }) {
			t.Fatal("who has answered is blamed")
		}
		if _, ok := h.foreseen(); ok {
			break
		}
		quotes := h.said(kindQuote)
		if len(quotes) == 0 {
			t.Fatal("nothing is asked, and nothing is answered")
		}
		if len(quotes) > surveyAtOnce {
			t.Fatalf("%d guests are asked about at once, want %d at most", len(quotes), surveyAtOnce)
		}
		for _, q := range quotes {
			if !q.Draining {
				t.Fatal("a guest is not described as one that leaves with all others")
			}
			h.hears("b", payload{Kind: kindRoom, Deal: q.Deal, Load: 0.5})
		}
	}
	done, ok := h.foreseen()
	if !ok || len(done.Moves) != guests {
		t.Fatalf("got %+v, want an answer about %d guests", done, guests)
	}
	for _, m := range done.Moves {
		if m.Target != "b" || m.Why.Is() {
			t.Errorf("got %+v, want that it would go to b", m)
		}
	}
	if s := h.core.Status(); s.Settings.Drained || len(s.Deals) > 0 || h.core.alarm != lcc.Instant(0) {
		t.Errorf("got %+v and an alarm for %d, want that nothing has changed", s.Settings, h.core.alarm)
	}
}

// A silent host is waited for once and not for each guest; two dry runs do not ask at the
// same time; a guest that leaves meanwhile is left out.
func TestDryRunWithoutAnswers(t *testing.T) {
	var list []Guest
	for i := range 3 * surveyAtOnce {
		list = append(list, Guest{ID: GuestID(fmt.Sprint("g", i)), Name: fmt.Sprint("g", i), State: Running})
	}
	h := newEnd(t, "h", list...)
	h.step(Reachable{Host: "silent", Up: true})
	h.step(Ordered{ID: 1, Order: Foresee{}})
	h.said(kindQuote)
	h.step(Ordered{ID: 2, Order: Foresee{Guest: "g0"}})
	if len(h.out) > 0 {
		t.Fatalf("got %+v, want that the second dry run waits for the first, and the first for the host", h.out)
	}
	h.later(time.Duration(h.core.config.RetryEvery))
	h.step(Woken{})
	done, ok := h.foreseen()
	if !ok || done.ID != 1 || len(done.Moves) != len(list) {
		t.Fatalf("got %+v, want the answer to the first about all guests", done)
	}
	for _, m := range done.Moves {
		if m.Target != "" || m.Why.Code != CodeNoHost || len(m.Noes) != 1 || m.Noes[0] != (HostRefusal{"silent", noAnswer}) {
			t.Errorf("got %+v, want that it would stay, since the host does not answer", m)
		}
	}
	if asked := h.said(kindQuote); len(asked) != 1 || asked[0].Draining {
		t.Errorf("then the second asks: got %+v, want one question about a guest that leaves alone", asked)
	}
}

// What an order would be refused for, its dry run says, and an order that cannot be
// looked into is refused.
func TestDryRunSaysWhatTheOrderSays(t *testing.T) {
	h := newEnd(t, "h", Guest{ID: "web", Name: "web", State: Running, Rules: Rules{Pinned: true}})
	for _, target := range []HostID{"", "h", "b"} {
		h.step(Ordered{ID: 1, Order: MoveGuest{Guest: "web", Target: target}})
		order, _ := h.foreseen()
		h.step(Ordered{ID: 2, Order: Foresee{Guest: "web", Target: target}})
		dry, _ := h.foreseen()
		if !order.Why.Is() || len(dry.Moves) != 1 || dry.Moves[0].Why != order.Why {
			t.Errorf("to %q: got %+v, want %q as the order says", target, dry, order.Why)
		}
	}
	h.step(Ordered{ID: 3, Order: Foresee{Guest: "nobody"}})
	if done, _ := h.foreseen(); done.Why.Code != CodeAbsent || len(done.Moves) > 0 {
		t.Errorf("a guest that is not here: got %+v, want a refusal", done)
	}
	h.step(Unobserved{Err: "blind"})
	h.step(Ordered{ID: 4, Order: Foresee{}})
	if done, _ := h.foreseen(); done.Why.Code != CodeLoad {
		t.Errorf("while the platform is not seen: got %+v, want a refusal", done)
	}
}

// A dry run names the hosts in back-off, which the order would not ask.
func TestDryRunNamesHostsInBackOff(t *testing.T) {
	h := newEnd(t, "h", Guest{ID: "web", Name: "web", State: Running})
	h.step(Reachable{Host: "bad", Up: true})
	p := h.core.past
	for _, guest := range []GuestID{"one", "two"} {
		h.later(time.Minute)
		h.step(Woken{})
		p.backoff.note(failedMove{guest: guest, host: "bad", began: p.now, begun: true, why: "no route"}, p.now, time.Time{})
	}
	why := p.whyAvoidedHost("bad", true)
	if !why.Is() {
		t.Fatal("two guests have failed there, and it is asked still")
	}
	h.step(Ordered{ID: 1, Order: Foresee{Guest: "web"}})
	done, ok := h.foreseen()
	if !ok || len(done.Moves) != 1 || done.Moves[0].Why.Detail != "no host is asked: host bad: "+why.Detail {
		t.Errorf("got %+v, want that no host is asked, and of bad why", done)
	}
	h.step(Reachable{Host: "b", Up: true})
	h.step(Ordered{ID: 2, Order: Foresee{Guest: "web"}})
	for _, q := range h.said(kindQuote) {
		h.hears("b", payload{Kind: kindRoom, Deal: q.Deal, Load: 0.5})
	}
	done, ok = h.foreseen()
	if !ok || len(done.Moves) != 1 || done.Moves[0].Target != "b" || len(done.Moves[0].Noes) != 1 || done.Moves[0].Noes[0].Host != "bad" {
		t.Errorf("got %+v, want that it moves to b, and that bad is in back-off", done)
	}
}
