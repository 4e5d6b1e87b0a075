package hostagent

import (
	"math"
	"strings"
	"testing"
)

// armedFor brings a target to the armed state for a guest of 1 GiB with one core in use
// and 2 processors.
func armedFor(t *testing.T, rules Rules) (target *end, offer payload) {
	t.Helper()
	target = newEnd(t, "tgt")
	target.hears("src", payload{
		Kind: kindPropose, Deal: "d", Guest: "g", Name: "web", CPU: 1, Memory: 1 << 30, Processors: 2, Rules: rules,
	})
	target.durable()
	offer = target.said(kindOffer)[0]
	p := commitOf(offer)
	p.Processors = 2
	target.hears("src", p)
	target.durable()
	if len(target.said(kindArmed)) != 1 {
		t.Fatal("the target is not armed")
	}
	return target, offer
}

// arrives asks for admission of a guest as its hypervisor describes it.
func (e *end) arrives(offer payload, need Resources, rules Rules) (ok bool, why string) {
	e.t.Helper()
	e.out = nil
	e.step(AdmissionAsked{ID: 1, Guest: "g", Deal: offer.Deal, Token: offer.Token, Need: need, Rules: rules})
	for _, effect := range e.out {
		if admit, is := effect.(Admit); is {
			return !admit.Why.Is(), admit.Why.Detail
		}
	}
	e.t.Fatal("the arrival check did not answer")
	return false, ""
}

// A guest that differs from its declaration is refused in spite of its token, the
// reservation is freed at once, and the source is told why.
func TestArrivalOfAnotherGuestThanDeclared(t *testing.T) {
	secure := Rules{Requires: []string{"zone=secure"}}
	for name, c := range map[string]struct {
		need  Resources
		rules Rules
		want  string // "": it is admitted
	}{
		"as declared":      {Resources{CPU: 2, MemoryBytes: 1 << 30}, Rules{}, ""},
		"rounded":          {Resources{CPU: 2, MemoryBytes: 1<<30 + mebibyte}, Rules{}, ""},
		"smaller":          {Resources{CPU: 1, MemoryBytes: 1 << 20}, Rules{}, ""},
		"more memory":      {Resources{CPU: 2, MemoryBytes: 1<<30 + 2*mebibyte}, Rules{}, "1024 are reserved"},
		"much more memory": {Resources{CPU: 2, MemoryBytes: 64 << 30}, Rules{}, "65536 MiB"},
		"more processors":  {Resources{CPU: 3, MemoryBytes: 1 << 30}, Rules{}, "3 processors"},
		"rules of its own": {Resources{CPU: 2, MemoryBytes: 1 << 30}, secure, "zone=secure"},
		"a negative need":  {Resources{CPU: 2, MemoryBytes: -1 << 30}, Rules{}, "malformed"},
		"no number":        {Resources{CPU: math.NaN(), MemoryBytes: 1 << 30}, Rules{}, "malformed"},
		"labels without end": {Resources{CPU: 2, MemoryBytes: 1 << 30},
			Rules{Labels: strings.Split(strings.Repeat("a=b ", 17), " ")[:17]}, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			target, offer := armedFor(t, Rules{})
			ok, why := target.arrives(offer, c.need, c.rules)
			if ok != (c.want == "") || !strings.Contains(why, c.want) {
				t.Fatalf("got %v (%q), want %q", ok, why, c.want)
			}
			if ok || strings.Contains(why, "malformed") {
				return
			}
			if said := target.said(kindRefuse); len(said) != 1 || said[0].Reason != why {
				t.Errorf("the source is told %+v, want why", said)
			}
			if held := target.core.room.reserved(); held != (Resources{}) {
				t.Errorf("%+v is held on, want nothing", held)
			}
		})
	}
}

// A source that does not declare its guest's processors can move only a guest with no
// more processors than are reserved.
func TestArrivalWithoutDeclaredProcessors(t *testing.T) {
	target := newEnd(t, "tgt")
	offer := target.offered()
	target.hears("src", commitOf(offer))
	target.durable()
	if ok, why := target.arrives(offer, Resources{CPU: 32, MemoryBytes: 1 << 30}, Rules{}); ok || !strings.Contains(why, "32 processors") {
		t.Errorf("got %v (%q), want it refused", ok, why)
	}
}

// Between the offer and the arrival, owners may start other guests here and rules may
// change: the room and the rules are checked again.
func TestArrivalAfterOthersCame(t *testing.T) {
	declared := Resources{CPU: 2, MemoryBytes: 1 << 30}
	own := func(n int) (list []Guest) {
		for i := range n {
			list = append(list, Guest{ID: GuestID(rune('p' + i)), Name: "own", State: Running})
		}
		return list
	}
	for name, c := range map[string]struct {
		rules  Rules
		change func(*end)
		want   string
	}{
		"nobody":                 {Rules{}, func(*end) {}, ""},
		"as many as there are":   {Rules{}, func(e *end) { e.looks(own(7)...) }, ""},
		"one more":               {Rules{}, func(e *end) { e.looks(own(8)...) }, "no longer room for it"},
		"a blind agent":          {Rules{}, func(e *end) { e.step(Unobserved{Err: "libvirt is gone"}) }, "libvirt is gone"},
		"one to be apart from":   {Rules{Apart: []string{"tier=web"}}, withNeighbour("tier=web"), "must be apart"},
		"one that wants no such": {Rules{}, withNeighbour("tier=db"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			target, offer := armedFor(t, c.rules)
			c.change(target)
			ok, why := target.arrives(offer, declared, Rules{})
			if ok != (c.want == "") || !strings.Contains(why, c.want) {
				t.Errorf("got %v (%q), want %q", ok, why, c.want)
			}
		})
	}
}

func withNeighbour(label string) func(*end) {
	return func(e *end) {
		e.looks(Guest{ID: "n", Name: "neighbour", State: Running, Rules: Rules{Labels: []string{label}}})
	}
}

// Processors count like memory: a host whose own guests have come to use all of them
// has no room.
func TestArrivalWhereTheProcessorsAreTaken(t *testing.T) {
	target, offer := armedFor(t, Rules{})
	target.core.load.other.mean = 7.5
	target.core.load.machine = MachineLoad{Known: true}
	ok, why := target.arrives(offer, Resources{CPU: 2, MemoryBytes: 1 << 30}, Rules{})
	if ok || !strings.Contains(why, "no longer room for it") {
		t.Errorf("got %v (%q), want it refused", ok, why)
	}
	target.core.config.Moves.Foreign = true
	if ok, why := target.arrives(payload{}, Resources{CPU: 2, MemoryBytes: 1 << 30}, Rules{}); !ok {
		t.Errorf("without a deal, half a core is left: refused, %s", why)
	}
	target.core.load.other.mean = 8.5
	if ok, why := target.arrives(payload{}, Resources{CPU: 2, MemoryBytes: 1 << 30}, Rules{}); ok {
		t.Errorf("without a deal, no core is left: let in (%q)", why)
	}
}

// A hypervisor's description of a guest without a deal is validated: a negative need
// frees no room.
func TestForeignArrivalWithoutSense(t *testing.T) {
	target := newEnd(t, "tgt")
	target.core.config.Moves.Foreign = true
	for _, need := range []Resources{
		{CPU: -1, MemoryBytes: 1 << 30}, {CPU: 1, MemoryBytes: -1 << 40},
		{CPU: math.Inf(1), MemoryBytes: 1}, {CPU: 1, MemoryBytes: memoryMax + 1},
	} {
		if ok, why := target.arrives(payload{}, need, Rules{}); ok || !strings.Contains(why, "malformed") {
			t.Errorf("%+v: got %v (%q), want it refused", need, ok, why)
		}
	}
	if ok, why := target.arrives(payload{}, Resources{CPU: 1, MemoryBytes: 9 << 30}, Rules{}); ok {
		t.Errorf("more than there is: let in (%q)", why)
	}
	if ok, why := target.arrives(payload{}, Resources{CPU: 9, MemoryBytes: 1 << 30}, Rules{}); ok {
		t.Errorf("more processors than there are: let in (%q)", why)
	}
}

// A source that was told why its guest was not admitted does not blame the target; one
// that was not told does.
func TestRefusedOnArrivalWithAReason(t *testing.T) {
	for _, reported := range []bool{true, false} {
		source := newEnd(t, "src", Guest{ID: "g", Name: "web", State: Running})
		source.step(Ordered{ID: 1, Order: MoveGuest{Guest: "g", Target: "tgt"}})
		deal := source.said(kindPropose)[0].Deal
		source.hears("tgt", payload{Kind: kindOffer, Deal: deal, Token: "t"})
		source.durable()
		source.hears("tgt", payload{Kind: kindArmed, Deal: deal, Endpoint: "at:tgt"})
		source.durable()
		if reported {
			source.hears("tgt", payload{Kind: kindRefuse, Deal: deal, Reason: "there is no room for it any more"})
		}
		source.step(Moved{Deal: deal, Err: "refused", NotLetIn: true})
		source.hears("tgt", payload{Kind: kindHere, Deal: deal, Place: placeAbsent, Over: true})
		source.out = nil
		source.looks(Guest{ID: "g", Name: "web", State: Running})
		if d := source.core.book.endedDeal(deal); d == nil || d.state != Aborted {
			t.Fatalf("the deal: got %+v, want it aborted", d)
		}
		if got := source.blamed("tgt")[blameUnkept]; got != map[bool]int{true: 0, false: 1}[reported] {
			t.Errorf("told %v: the target is blamed %d times", reported, got)
		}
	}
}
