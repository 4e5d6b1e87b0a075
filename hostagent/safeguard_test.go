package hostagent

import (
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// end is one end of a deal, driven event by event, to check what must not happen
// between two events.
type end struct {
	t    *testing.T
	core *Core
	now  lcc.Instant
	out  []Effect // since the last call
}

func newEnd(t *testing.T, self HostID, guests ...Guest) *end {
	t.Helper()
	core, err := New(Options{Self: self, Config: configWith(func(c *Config) { c.SampleEvery, c.High = time.Second, 1 })})
	if err != nil {
		t.Fatal(err)
	}
	e := &end{t: t, core: core, now: 1}
	e.looks(guests...)
	return e
}

// looks passes in looks until the load is known.
func (e *end) looks(guests ...Guest) {
	for range 3 {
		e.later(time.Second)
		e.sees(guests...)
	}
}

func (e *end) sees(guests ...Guest) {
	for i := range guests {
		guests[i].CPUTime = time.Duration(e.now) / 2
		guests[i].Declared = Resources{CPU: 2, MemoryBytes: 1 << 30}
	}
	e.step(Observed{Wall: time.Unix(1_700_000_000, int64(e.now)), Observation: Observation{
		Capacity: Resources{CPU: 8, MemoryBytes: 8 << 30}, Endpoints: map[Kind]string{VM: "at:" + string(e.core.self)}, Guests: guests,
	}})
}

func (e *end) later(d time.Duration) { e.now += lcc.Instant(d) }

func (e *end) step(ev Event) {
	e.t.Helper()
	effects, err := e.core.Step(e.now, ev)
	if err != nil {
		e.t.Fatal(err)
	}
	e.out = append(e.out, effects...)
}

func (e *end) hears(from HostID, p payload) {
	e.t.Helper()
	e.step(Received{From: from, Payload: encodePayload(p)})
}

// durable reports all records written so far as durable.
func (e *end) durable() { e.step(Journalled{Seq: e.core.ledger.journal.seq}) }

// said returns the payloads of a kind since the last call.
func (e *end) said(kind string) (list []payload) {
	for _, effect := range e.out {
		if transmit, ok := effect.(Transmit); ok {
			if p, err := decodePayload(transmit.Payload); err == nil && p.Kind == kind {
				list = append(list, p)
			}
		}
	}
	e.out = nil
	return list
}

func (e *end) moves() (n int) {
	for _, effect := range e.out {
		if _, ok := effect.(StartMove); ok {
			n++
		}
	}
	return n
}

// admits asks for admission.
func (e *end) admits(guest GuestID, p payload) (bool, string) {
	e.t.Helper()
	e.out = nil
	e.step(AdmissionAsked{ID: 1, Guest: guest, Deal: p.Deal, Token: p.Token})
	for _, effect := range e.out {
		if admit, ok := effect.(Admit); ok {
			return !admit.Why.Is(), admit.Why.Detail
		}
	}
	e.t.Fatal("the arrival check did not answer")
	return false, ""
}

// offered brings a target to the state in which it has offered room, and returns the
// offer.
func (e *end) offered() payload {
	e.t.Helper()
	need := lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024))
	e.step(Act{ID: 1, Goal: lcc.NewTerm("reserve", lcc.String("g"), need, lcc.String("src"), &lcc.Var{Name: "D"})})
	ask := e.said(kindAsk)[0]
	e.hears("src", payload{Kind: kindDescribe, Deal: ask.Deal, Guest: "g", Name: "web", CPU: 1, Memory: 1 << 30})
	e.durable()
	return e.said(kindOffer)[0]
}

func commitOf(offer payload) payload {
	return payload{Kind: kindCommit, Deal: offer.Deal, Token: offer.Token, Guest: "g", Name: "web", CPU: 1, Memory: 1 << 30}
}

func (e *end) refuses(what string, offer payload, want string) {
	e.t.Helper()
	if ok, why := e.admits("g", offer); ok || !strings.Contains(why, want) {
		e.t.Errorf("%s: admitted %v (%q), want it refused: %s", what, ok, why, want)
	}
}

// Admission is granted to what an armed reservation covers: once, with its token, and
// not before the armed state is durable.
func TestArrivalCheck(t *testing.T) {
	target := newEnd(t, "tgt")
	offer := target.offered()
	target.refuses("before the commitment", offer, "not armed")
	target.hears("src", commitOf(offer))
	target.refuses("before that is durable", offer, "not armed")
	if said := target.said(kindArmed); len(said) > 0 {
		t.Errorf("armed was said before it was durable: %+v", said)
	}
	target.durable()
	wrong := offer
	wrong.Token = "another"
	target.refuses("with another token", wrong, "another deal or token")
	wrong.Token = ""
	target.refuses("with half of what is asked for", wrong, "another deal or token")
	target.refuses("without deal and token, as by hand", payload{}, "another deal or token")
	if ok, why := target.admits("g", offer); !ok {
		t.Fatalf("an armed hold: refused, %s", why)
	}
	target.refuses("a second time", offer, "used already")
	target.hears("src", payload{Kind: kindCancel, Deal: offer.Deal, Reason: "nothing will come"})
	target.refuses("after the source has given up", offer, "used already")
}

// An unused reservation whose source has given up admits no guest any more, even while
// the guest is still looked for.
func TestNoArrivalAfterCancel(t *testing.T) {
	target := newEnd(t, "tgt")
	offer := target.offered()
	target.hears("src", commitOf(offer))
	target.durable()
	target.core.book.deals[offer.Deal].tgt.over = Refusal{CodeOver, "the source says that the move is over"}
	target.refuses("after the end of the move", offer, "used already")
}

// A reservation from before a crash counts as used: its guest may have been admitted.
func TestRecoveredHoldIsUsed(t *testing.T) {
	before := newEnd(t, "tgt")
	offer := before.offered()
	before.hears("src", commitOf(offer))
	record := before.core.ledger.encodeRecord(before.core.book.deals[offer.Deal])
	core, err := New(Options{Self: "tgt", Config: before.core.config})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.Recover([][]byte{record}); err != nil {
		t.Fatal(err)
	}
	after := &end{t: t, core: core, now: 1}
	after.looks()
	if core.room.reserved() == (Resources{}) {
		t.Error("the recovered hold takes no room")
	}
	after.refuses("after a crash", offer, "used already")
}

// A reservation lasts as long as its guest is incoming, and is freed soon after the
// guest is gone and the source has fallen silent.
func TestHoldLastsWhileTheGuestIsOnItsWay(t *testing.T) {
	target := newEnd(t, "tgt")
	offer := target.offered()
	target.hears("src", commitOf(offer))
	target.durable()
	for range 300 {
		target.later(time.Second)
		target.sees(Guest{ID: "g", Name: "web", State: Incoming})
		target.step(Woken{})
		for range target.said(kindWhere) {
			target.hears("src", payload{Kind: kindHere, Deal: offer.Deal, Place: placeRunning})
		}
	}
	if target.core.book.deals[offer.Deal] == nil {
		t.Fatal("the hold was dropped though its guest is on its way")
	}
	for range 300 {
		target.later(time.Second)
		target.sees()
		target.step(Woken{})
	}
	if d := target.core.book.deals[offer.Deal]; d != nil {
		t.Errorf("five minutes after the source fell silent the deal is %s: want it ended", d.state)
	}
}

// Only the host that was asked about a guest may describe it.
func TestDescribedByAnother(t *testing.T) {
	target := newEnd(t, "tgt")
	need := lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024))
	target.step(Act{ID: 1, Goal: lcc.NewTerm("reserve", lcc.String("g"), need, lcc.String("src"), &lcc.Var{Name: "D"})})
	ask := target.said(kindAsk)[0]
	target.hears("other", payload{Kind: kindDescribe, Deal: ask.Deal, Guest: "g", CPU: 1, Memory: 1 << 20})
	target.durable()
	if said := target.said(kindOffer); len(said) > 0 {
		t.Errorf("an offer was made on another host's word: %+v", said)
	}
	target.hears("other", payload{Kind: kindRefuse, Deal: ask.Deal, Reason: "no"})
	if target.core.book.deals[ask.Deal] == nil {
		t.Error("another host ended the deal")
	}
}

// A source begins no migration before its intent is durable, whatever it receives, and
// none before the next record is durable.
func TestNoMoveBeforeTheJournal(t *testing.T) {
	source := newEnd(t, "src", Guest{ID: "g", Name: "web", State: Running})
	deal := lcc.NewTerm("deal", lcc.String("d1"), lcc.String("t1"), lcc.Int(10))
	source.step(Act{ID: 1, Goal: lcc.NewTerm("migrate", deal, lcc.String("g"), lcc.String("tgt"))})
	armed := payload{Kind: kindArmed, Deal: "d1", Endpoint: "at:tgt"}
	source.hears("tgt", armed)
	source.durable() // all records written so far
	if n := source.moves(); n > 0 {
		t.Fatalf("%d moves were begun by an answer to what was not said yet", n)
	}
	if said := source.said(kindCommit); len(said) != 1 {
		t.Fatalf("commitments once the intent is durable: got %d, want 1", len(said))
	}
	source.hears("tgt", armed)
	if n := source.moves(); n > 0 {
		t.Errorf("%d moves were begun before it was durable that one is", n)
	}
	source.durable()
	if n := source.moves(); n != 1 {
		t.Errorf("moves: got %d, want 1", n)
	}
	source.hears("tgt", armed)
	source.durable()
	if n := source.moves(); n != 1 {
		t.Errorf("moves after armed was said twice: got %d, want 1", n)
	}
}
