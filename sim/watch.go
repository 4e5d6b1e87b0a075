package sim

import (
	"hash/fnv"
	"io"
	"reflect"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// Watch follows a run: what could have been late or have failed in it, and the order in
// which each host met its events. One that has followed a run may follow another one, and
// keeps its memory.
type Watch struct {
	Turns []Turn
	// Kept are the moves back that hosts refused, because the guest had left its target.
	Kept []Move

	hosts  int
	starts map[start]int
	heard  []heardLast   // of each host, from each
	told   []peer.Advert // the last advert of a host; Seq is 0: it has told none
	events []watched
	during int // the event from which the run follows now; none: nobody's
}

// watched is an event of a host's agent.
type watched struct {
	at     time.Duration
	host   int
	cause  int          // the event that planned it; none: the run itself
	what   reflect.Type // nil: the alarm
	from   lcc.PeerID   // of a frame or an advert
	counts bool
	before time.Duration // of an advert that repeats another one: when that was heard
}

const none = -1

// start counts the migrations of a guest on one way.
type start struct{ guest, from, to string }

// Turn is a moment of a run at which it could have continued in another way.
type Turn struct {
	At       time.Duration
	Kind     TurnKind
	From, To string
	Guest    string       // of a migration
	Nth      int          // as Late.Nth and Failing.Nth count
	Message  *lcc.Message // of a frame that has one

	sent, met int // the events in which a frame left and arrived; none: it did not
}

// TurnKind is what happens at a turn.
type TurnKind string

const (
	TurnMessage   TurnKind = "message"   // a host sends a message of a model
	TurnLedger    TurnKind = "ledger"    // the ledger of a host sends something to another
	TurnReceipt   TurnKind = "receipt"   // a host confirms a message
	TurnAdvert    TurnKind = "advert"    // a host tells another its roles
	TurnMigration TurnKind = "migration" // a guest begins to move
)

// Follow makes a run that has not begun fill a Watch. Its result has nothing about agents
// that wait: to find out why takes as long as a tenth of a short run.
func (r *Running) Follow(w *Watch) {
	hosts := len(r.site.hosts)
	*w = Watch{
		Turns: w.Turns[:0], events: w.events[:0], hosts: hosts, starts: map[start]int{},
		heard: make([]heardLast, hosts*hosts), told: make([]peer.Advert, hosts), during: none,
	}
	r.site.followed.watch = w
	r.site.plans.follows = w.follows
}

// Order is a digest of the events that each host met, in their order, without their times:
// two runs of a site have the same one if they are the same interleaving. Events that
// changed nothing do not count: a look that shows what the last one showed, an advert that
// says what the last one said.
func (w *Watch) Order() uint64 {
	all := fnv.New64a()
	for host := range w.hosts {
		for _, e := range w.events {
			if e.host != host || !e.counts {
				continue
			}
			if e.what != nil {
				_, _ = io.WriteString(all, e.what.Name()) // a hash takes everything
			}
			_, _ = io.WriteString(all, "\x00"+string(e.from)+"\x00")
		}
		_, _ = io.WriteString(all, "\x01")
	}
	return all.Sum64()
}

// follows makes what is planned now remember the event that it follows from.
func (w *Watch) follows(do func() error) func() error {
	cause := w.during
	return func() error {
		w.during = cause
		return do()
	}
}

// met adds an event of a host's agent, which had some effects; nil is its alarm. What the
// driver plans until it calls over with the event that it returns follows from this one.
func (w *Watch) met(s *scene, h *siteHost, ev any, effects []node.Effect) (before int) {
	if w == nil {
		return none
	}
	before = w.during
	w.during = len(w.events)
	acts := w.acts(h, effects)
	one := watched{at: s.since(), host: h.index, cause: before, counts: counts(ev, acts)}
	switch e := ev.(type) {
	case nil:
	case peer.Arrived:
		one.from = e.From
	case peer.Heard:
		one.from = e.Advert.Peer
		var repeats bool
		if one.before, repeats = w.hears(one.at, h, s.byName[e.Advert.Peer], e.Advert); repeats {
			one.counts = acts
		}
	}
	if ev != nil {
		one.what = reflect.TypeOf(ev)
	}
	w.events = append(w.events, one)
	return before
}

// over ends an event: the run follows again from the one before it.
func (w *Watch) over(before int) {
	if w != nil {
		w.during = before
	}
}

// counts says whether an event can have changed anything, if it had effects or not.
func counts(ev any, acts bool) bool {
	switch e := ev.(type) {
	case nil, hostagent.Observed:
		return acts
	case peer.Arrived:
		return acts || e.Frame.Receipt == nil
	}
	return true
}

// turn adds a turn at which a frame leaves, and returns its number.
func (w *Watch) turn(t Turn) int {
	t.sent, t.met = w.during, none
	w.Turns = append(w.Turns, t)
	return len(w.Turns) - 1
}

// sends adds a frame, and returns the number of its turn.
func (w *Watch) sends(at time.Duration, from, to string, nth int, f peer.Frame) int {
	if w == nil {
		return none
	}
	turn := Turn{At: at, Kind: TurnLedger, From: from, To: to, Nth: nth, Message: f.Message}
	switch {
	case f.Message != nil:
		turn.Kind = TurnMessage
	case f.Receipt != nil:
		turn.Kind = TurnReceipt
	}
	return w.turn(turn)
}

// tells adds an advert that one host hears, and returns the number of its turn.
func (w *Watch) tells(at time.Duration, from, to string, nth int) int {
	if w == nil {
		return none
	}
	return w.turn(Turn{At: at, Kind: TurnAdvert, From: from, To: to, Nth: nth})
}

// arrives says that the next event is the arrival of the frame of a turn on a host.
func (w *Watch) arrives(turn int, h *siteHost) {
	if w != nil && h.node != nil && w.Turns[turn].met == none {
		w.Turns[turn].met = len(w.events)
	}
}

// refused adds a deal that its target ended if it refused the return of a guest.
func (w *Watch) refused(at time.Duration, e hostagent.DealChanged) {
	if w != nil && e.State == hostagent.Refused && e.Code == hostagent.CodeReturn {
		w.Kept = append(w.Kept, Move{At: at, Guest: e.Name, From: string(e.Source), To: string(e.Target)})
	}
}

// migrates adds a migration that a platform is asked for.
func (w *Watch) migrates(at time.Duration, guest, from, to string) {
	if w == nil {
		return
	}
	key := start{guest, from, to}
	w.starts[key]++
	w.turn(Turn{At: at, Kind: TurnMigration, From: from, To: to, Guest: guest, Nth: w.starts[key]})
}
