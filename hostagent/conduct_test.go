package hostagent

import (
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// blamed counts the blames of a host since the last call.
func (e *end) blamed(host HostID) map[string]int {
	kinds := map[string]int{}
	for _, effect := range e.out {
		if m, ok := effect.(Misbehaved); ok && m.Host == host {
			kinds[m.Kind]++
		}
	}
	e.out = nil
	return kinds
}

// A host that refers to deals that it is not part of is refused with a reason, and
// blamed once that cannot be honest any more; nothing moves, and the real deal
// continues.
func TestStrays(t *testing.T) {
	target := signing(t, "tgt")
	offer := target.offered()
	for _, kind := range []string{kindCommit, kindCancel, kindWhere, kindHere, kindRefuse, kindDescribe, kindArmed, kindReceipt} {
		p := payload{Kind: kind, Deal: offer.Deal, Token: offer.Token, Guest: "g", Place: placeRunning, Over: true}
		p.Signature = keys{"evil"}.Sign(signedText("evil", "tgt", p))
		target.hears("evil", p)
	}
	if said := target.said(kindRefuse); len(said) != 1 || !strings.Contains(said[0].Reason, "no reservation covers") {
		t.Errorf("to a commitment of another: got %+v, want a refusal", said)
	}
	for range 4 * straysAtOnce {
		target.hears("evil", payload{Kind: kindHere, Deal: "x", Place: placeRunning})
	}
	if got := target.blamed("evil"); got[blameStray] < 3*straysAtOnce || len(got) != 1 {
		t.Errorf("got %v, want some %d strays", got, 3*straysAtOnce)
	}
	if d := target.core.book.deals[offer.Deal]; d == nil || d.state != Offered {
		t.Fatalf("the deal: got %+v, want it offered", d)
	}
	p := commitOf(offer)
	p.Signature = keys{"src"}.Sign(signedText("src", "tgt", p))
	target.hears("src", p)
	target.durable()
	if got := target.blamed("src"); len(got) != 0 || target.core.book.deals[offer.Deal].state != Armed {
		t.Errorf("the partner: blamed for %v, the deal %s; want nothing and armed", got, target.core.book.deals[offer.Deal].state)
	}
	target.later(time.Hour)
	target.hears("evil", payload{Kind: kindHere, Deal: "x"})
	if got := target.blamed("evil"); len(got) != 0 {
		t.Errorf("an hour later: blamed for %v, want nothing", got)
	}
}

// A forged, unsigned or undecodable payload is blamed at once, an endlessly repeated
// one after a while, and none of them reaches the audit.
func TestForged(t *testing.T) {
	target := signing(t, "tgt")
	offer := target.offered()
	p := commitOf(offer)
	target.hears("src", p)
	if said := target.out; len(said) == 0 {
		t.Error("a stripped commitment is not refused")
	}
	p.Signature = keys{"src"}.Sign(signedText("src", "other", p))
	target.hears("src", p)
	receipt := payload{Kind: kindReceipt, Deal: offer.Deal, State: Done, Signature: []byte("junk")}
	target.hears("src", receipt)
	target.step(Received{From: "src", Payload: []byte("junk")})
	if kinds := signed(target); len(kinds) != 0 {
		t.Errorf("kept for the audit: %v", kinds)
	}
	if got := target.blamed("src"); got[blameForged] != 3 || got[blameMalformed] != 1 {
		t.Errorf("got %v, want 3 forged and 1 malformed", got)
	}
	p.Signature = keys{"src"}.Sign(signedText("src", "tgt", p))
	for range 2 * bindingMost {
		target.hears("src", p)
	}
	if got := target.blamed("src"); got[blameReplayed] == 0 || got[blameReplayed] > bindingMost+3 {
		t.Errorf("a commitment on end: got %v, want it blamed after the %dth", got, bindingMost)
	}
}

// A source that leaves reservations unused is refused for a while, and the deal's
// changes say so; others get the room, and a source that uses its offers is never
// refused.
func TestRoomInVain(t *testing.T) {
	target := newEnd(t, "tgt")
	reserve := func(guest, source string) (offers int, why string) {
		need := lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024))
		target.out = nil
		target.step(Act{ID: 1, Goal: lcc.NewTerm("reserve", lcc.String(guest), need, lcc.String(source), &lcc.Var{Name: "D"})})
		for _, effect := range target.out {
			if s, ok := effect.(DealChanged); ok {
				why = s.Reason
			}
		}
		if len(target.said(kindAsk)) > 0 {
			return 1, ""
		}
		return 0, why
	}
	var got int
	var why string
	for range 600 { // ten minutes in which it asks every second and never commits
		n, no := reserve("g", "evil")
		if got += n; no != "" && n == 0 {
			why = no
		}
		target.later(time.Second)
		target.sees()
		target.step(Woken{})
	}
	if got < unusedOffers || got > unusedOffers+2+600/(10*unusedShare) {
		t.Errorf("it got %d offers in ten minutes, want %d and one for each hundred seconds", got, unusedOffers)
	}
	if !strings.Contains(why, "too many reservations unused") {
		t.Errorf("got %q, want why it is refused", why)
	}
	if n, why := reserve("h", "src"); n != 1 {
		t.Errorf("another source gets no offer: %s", why)
	}
	// The same for proposals of its operator.
	target.hears("evil", payload{Kind: kindPropose, Deal: "d", Guest: "g", Name: "g", CPU: 1, Memory: 1 << 20})
	if said := target.said(kindRefuse); len(said) != 1 || !strings.Contains(said[0].Reason, "too many reservations unused") {
		t.Errorf("to a proposal: got %+v, want the same refusal", said)
	}
	target.later(2 * time.Hour)
	target.looks()
	target.step(Woken{})
	if n, why := reserve("g", "evil"); n != 1 {
		t.Errorf("two hours later it gets no offer: %s", why)
	}
}

// One source can reserve only a part of the room at a time; others get the rest.
func TestOffersOfOneSource(t *testing.T) {
	core, err := New(Options{Self: "tgt", Config: configWith(func(c *Config) { c.SampleEvery, c.High, c.MovesIn = time.Second, 1, 4 })})
	if err != nil {
		t.Fatal(err)
	}
	target := &end{t: t, core: core, now: 1}
	target.looks()
	propose := func(from HostID, deal DealID) string {
		target.hears(from, payload{Kind: kindPropose, Deal: deal, Guest: GuestID("guest of " + deal), CPU: 0.5, Memory: 1 << 20})
		target.durable()
		if said := target.said(kindRefuse); len(said) > 0 {
			return said[0].Reason
		}
		return ""
	}
	for i, want := range []string{"", "", "its host has as many open offers"} {
		if got := propose("evil", DealID(rune('a'+i))); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("proposal %d: got %q, want %q", i+1, got, want)
		}
	}
	if got := propose("src", "z"); got != "" {
		t.Errorf("another source is refused: %s", got)
	}
}

// A source that commits and keeps claiming that its guest will come does not keep the
// room forever.
func TestArmedForEver(t *testing.T) {
	target := newEnd(t, "tgt")
	offer := target.offered()
	target.hears("src", commitOf(offer))
	target.durable()
	for range 3600 {
		target.later(time.Second)
		target.sees()
		target.step(Woken{})
		for range target.said(kindWhere) {
			target.hears("src", payload{Kind: kindHere, Deal: offer.Deal, Place: placeRunning})
		}
	}
	if d := target.core.book.deals[offer.Deal]; d != nil {
		t.Errorf("an hour later the deal is %s: want it ended", d.state)
	}
	target.refuses("too late", offer, "no deal covers")
}

// A target that was armed and does not admit the guest is blamed; models avoid it for a
// while, and an operator need not.
func TestUnkept(t *testing.T) {
	source := newEnd(t, "src", Guest{ID: "g", Name: "web", State: Running}, Guest{ID: "h", Name: "db", State: Running})
	source.core.config.MovesOut = 2
	migrate := func(id, guest string) {
		deal := lcc.NewTerm("deal", lcc.String(id), lcc.String("t"), lcc.Int(10))
		source.step(Act{ID: 1, Goal: lcc.NewTerm("migrate", deal, lcc.String(guest), lcc.String("evil"))})
	}
	migrate("d1", "g")
	source.durable()
	source.hears("evil", payload{Kind: kindArmed, Deal: "d1", Endpoint: "at:evil"})
	source.durable()
	source.step(Moved{Deal: "d1", Err: "host evil lets no guest in", NotLetIn: true})
	source.hears("evil", payload{Kind: kindHere, Deal: "d1", Place: placeAbsent})
	for range 3 {
		source.later(time.Second)
		source.sees(Guest{ID: "g", Name: "web", State: Running}, Guest{ID: "h", Name: "db", State: Running})
	}
	avoids := 0
	for _, effect := range source.out {
		if s, ok := effect.(Avoid); ok && s.Host == "evil" && s.On {
			avoids++
		}
	}
	if got := source.blamed("evil"); got[blameUnkept] != 1 || avoids != 1 {
		t.Fatalf("blamed for %v, shunned %d times; want once each", got, avoids)
	}
	migrate("d2", "h")
	if d := source.core.book.deals["d2"]; d != nil {
		t.Error("a model chose the host again at once")
	}
	source.hears("evil", payload{Kind: kindAsk, Deal: "d3", Guest: "h"})
	if said := source.said(kindRefuse); len(said) != 1 || !strings.Contains(said[0].Reason, "did not admit it") {
		t.Errorf("to its question: got %+v, want why it is not chosen", said)
	}
	source.step(Ordered{ID: 7, Order: MoveGuest{Guest: "h", Target: "evil"}})
	if said := source.said(kindPropose); len(said) != 1 {
		t.Error("an operator may not choose it")
	}
	source.later(source.core.config.Cooldown)
	source.sees(Guest{ID: "g", Name: "web", State: Running}, Guest{ID: "h", Name: "db", State: Running})
	lifted := false
	for _, effect := range source.out {
		if s, ok := effect.(Avoid); ok && s.Host == "evil" {
			lifted = !s.On
		}
	}
	if !lifted {
		t.Error("after the cool-down it is not chosen still")
	}
}

// No deal begins with hosts of another owner without an agreement; a deal in flight is
// finished.
func TestOutsiders(t *testing.T) {
	target := newEnd(t, "tgt", Guest{ID: "mine", Name: "mine", State: Running})
	offer := target.offered()
	target.step(Reachable{Host: "src", Up: true})
	target.step(Outsiders{List: []Outsider{{Host: "src", Why: "nothing is agreed with south"}}})
	target.out = nil
	for _, kind := range []string{kindAsk, kindQuote, kindPropose} {
		target.hears("src", payload{Kind: kind, Deal: "new", Guest: "mine", CPU: 1, Memory: 1 << 20})
		if said := target.said(kindRefuse); len(said) != 1 || said[0].Reason != "nothing is agreed with south" {
			t.Errorf("%s: got %+v, want it refused", kind, said)
		}
	}
	target.hears("src", payload{Kind: kindWhere, Deal: "new", Guest: "mine"})
	target.sees(Guest{ID: "mine", Name: "mine", State: Running})
	if said := target.said(kindHere); len(said) != 0 {
		t.Errorf("an outsider is told where a guest is: %+v", said)
	}
	for _, order := range []MoveGuest{{Guest: "mine", Target: "src"}, {Guest: "mine"}} {
		target.step(Ordered{ID: 1, Order: order})
		if said := append(target.said(kindPropose), target.said(kindQuote)...); len(said) != 0 {
			t.Errorf("%+v: got %+v said to the outsider, want nothing", order, said)
		}
	}
	target.hears("src", commitOf(offer))
	target.durable()
	if d := target.core.book.deals[offer.Deal]; d == nil || d.state != Armed {
		t.Errorf("the deal that had begun: got %+v, want it armed", d)
	}
	target.step(Outsiders{})
	target.hears("src", payload{Kind: kindAsk, Deal: "new", Guest: "mine"})
	if said := target.said(kindRefuse); len(said) == 1 && said[0].Reason == "nothing is agreed with south" {
		t.Error("what was agreed since does not count")
	}
}
