package hostagent

import (
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// proposes makes a source propose a guest for its operator, and returns the offer or
// the reason of the refusal.
func (e *end) proposes(from HostID, deal DealID, guest GuestID, memory int64) (offer payload, why string) {
	e.t.Helper()
	e.out = nil
	e.hears(from, payload{Kind: kindPropose, Deal: deal, Guest: guest, Name: string(guest), CPU: 0.5, Memory: memory})
	e.durable()
	out := e.out
	if said := e.said(kindRefuse); len(said) > 0 {
		return payload{}, said[0].Reason
	}
	e.out = out
	if said := e.said(kindOffer); len(said) > 0 {
		return said[0], ""
	}
	return payload{}, "no answer"
}

// lies lets time pass while a source answers each question with "it runs here".
func (e *end) lies(from HostID, d time.Duration, deals ...DealID) {
	for end := e.now + lcc.Instant(d); e.now < end; {
		e.later(time.Second)
		e.sees()
		e.step(Woken{})
		e.out = nil
		for _, deal := range deals {
			e.hears(from, payload{Kind: kindHere, Deal: deal, Place: placeRunning})
		}
	}
}

// A reservation whose guest does not arrive ends after twice the time of an armed one,
// whatever the size of the guest and whatever the source says; so does one after a
// restart of the agent.
func TestUnvisitedHold(t *testing.T) {
	target := newEnd(t, "tgt")
	offer, why := target.proposes("evil", "d", "ghost", 7<<30)
	if why != "" {
		t.Fatal(why)
	}
	target.hears("evil", payload{Kind: kindCommit, Deal: "d", Token: offer.Token, Guest: "ghost", Name: "ghost", CPU: 0.5, Memory: 7 << 30})
	target.durable()
	again := ranOn(t, "tgt", [][]byte{target.core.ledger.encodeRecord(target.core.book.deals["d"])})
	for name, e := range map[string]*end{"at once": target, "after a restart": again} {
		most := 2 * e.core.config.ArmedTTL
		e.lies("evil", most-5*time.Second, "d")
		if e.core.book.deals["d"] == nil {
			t.Errorf("%s: the hold ended before %v", name, most)
		}
		e.lies("evil", 10*time.Second, "d")
		if d := e.core.book.deals["d"]; d != nil || e.core.room.reserved() != (Resources{}) {
			t.Errorf("%s: after %v the deal is %s and %+v is held", name, most, d.state, e.core.room.reserved())
		}
		if ended := e.core.book.endedDeal("d"); ended == nil || ended.state != Expired {
			t.Errorf("%s: got %+v, want it expired", name, ended)
		}
	}
}

// That an operator wants a move is only another host's claim. Once reservations for it
// were left unused it counts no more than a model's request: a pause applies, a host
// that only recommends takes nothing, and offers to others are not withdrawn.
func TestAnOperatorsWordOfAnotherHost(t *testing.T) {
	paused := func(e *end) { e.core.permits.settings.Paused = true }
	recommends := func(e *end) { e.core.config.Recommend = true }
	offers := func(e *end) {
		need := lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024))
		e.step(Act{ID: 9, Goal: lcc.NewTerm("reserve", lcc.String("honest"), need, lcc.String("src"), &lcc.Var{Name: "D"})})
	}
	for name, c := range map[string]struct {
		set  func(*end)
		want string
	}{
		"pause":     {paused, "paused by its operator"},
		"recommend": {recommends, "only recommends"},
		"offers":    {offers, "the limit of guests on their way"},
	} {
		t.Run(name, func(t *testing.T) {
			target := newEnd(t, "tgt")
			c.set(target)
			if _, why := target.proposes("evil", "d1", "ghost", 1<<20); why != "" {
				t.Fatalf("the first time: refused, %s", why)
			}
			target.later(time.Second)
			target.hears("evil", payload{Kind: kindCancel, Deal: "d1", Reason: "not now"})
			target.sees()
			c.set(target)
			if _, why := target.proposes("evil", "d2", "ghost", 1<<20); !strings.Contains(why, c.want) {
				t.Errorf("the second time: got %q, want %q", why, c.want)
			}
			if _, why := target.proposes("src", "d3", "other", 1<<20); why != "" {
				t.Errorf("the operator of another host: refused, %s", why)
			}
		})
	}
}

// Displacing others' offers is charged with at least the time of an offer, however
// quickly the operator's move is cancelled.
func TestOffersTakenBackInTurns(t *testing.T) {
	target := newEnd(t, "tgt")
	taken := 0
	for i := range 600 {
		need := lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024))
		target.step(Act{ID: 9, Goal: lcc.NewTerm("reserve", lcc.String("honest"), need, lcc.String("src"), &lcc.Var{Name: "D"})})
		asked := target.said(kindAsk)
		deal := DealID("d" + time.Duration(i).String())
		if _, why := target.proposes("evil", deal, "ghost", 1<<20); why == "" {
			taken++
			target.hears("evil", payload{Kind: kindCancel, Deal: deal, Reason: "not now"})
		} else if len(asked) == 1 {
			target.hears("src", payload{Kind: kindRefuse, Deal: asked[0].Deal, Reason: "not now either"})
		}
		target.later(time.Second)
		target.sees()
		target.step(Woken{})
	}
	if taken < 2 || taken > 7 {
		t.Errorf("in ten minutes it took back %d offers, want one in a hundred seconds", taken)
	}
}

// The limit of reservations per source includes the armed ones, until their guests have
// arrived.
func TestArmedHoldsOfOneSource(t *testing.T) {
	target := newEnd(t, "tgt")
	target.core.config.MovesIn = 4
	offers := map[DealID]payload{}
	for _, deal := range []DealID{"a", "b"} {
		offer, why := target.proposes("src", deal, GuestID("of "+deal), 1<<20)
		if why != "" {
			t.Fatal(why)
		}
		target.hears("src", payload{Kind: kindCommit, Deal: deal, Token: offer.Token, Guest: GuestID("of " + deal), CPU: 0.5, Memory: 1 << 20})
		target.durable()
		offers[deal] = offer
	}
	if _, why := target.proposes("src", "c", "third", 1<<20); !strings.Contains(why, "as many open offers as one host") {
		t.Errorf("a third hold: got %q, want it refused", why)
	}
	if _, why := target.proposes("other", "x", "its own", 1<<20); why != "" {
		t.Errorf("another source: refused, %s", why)
	}
	target.step(AdmissionAsked{ID: 1, Guest: "of a", Deal: "a", Token: offers["a"].Token})
	if _, why := target.proposes("src", "d", "third", 1<<20); why != "" {
		t.Errorf("once a guest has arrived: refused, %s", why)
	}
}
