package sim

import (
	"hash"
	"hash/fnv"
	"io"
	"reflect"
	"time"

	"parley/lcc"
	"parley/peer"
)

// Watch follows a run: what could have been late or have failed in it, and the order in
// which each host met its events.
type Watch struct {
	Turns []Turn

	orders []hash.Hash64 // of the events of each host
	starts map[Turn]int
}

// Turn is a moment of a run at which it could have continued in another way.
type Turn struct {
	At       time.Duration
	Kind     TurnKind
	From, To string
	Guest    string       // of a migration
	Nth      int          // as Late.Nth and Failing.Nth count
	Message  *lcc.Message // of a frame that has one
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

// Follow makes a run that has not begun fill a Watch.
func (r *Running) Follow(w *Watch) {
	w.orders, w.starts = nil, map[Turn]int{}
	for range r.site.hosts {
		w.orders = append(w.orders, fnv.New64a())
	}
	r.site.followed.watch = w
}

// Order is a digest of the events that each host met, in their order, without their times:
// two runs of a site have the same one if they are the same interleaving.
func (w *Watch) Order() uint64 {
	all := fnv.New64a()
	for _, one := range w.orders {
		_, _ = all.Write(one.Sum(nil)) // a hash takes everything
	}
	return all.Sum64()
}

// met adds an event of a host's agent to the order; nil is its alarm.
func (w *Watch) met(h *siteHost, ev any) {
	if w == nil {
		return
	}
	name, from := "", lcc.PeerID("")
	switch e := ev.(type) {
	case nil:
	case peer.Arrived:
		from = e.From
	case peer.Heard:
		from = e.Advert.Peer
	}
	if ev != nil {
		name = reflect.TypeOf(ev).String()
	}
	_, _ = io.WriteString(w.orders[h.index], name+"\x00"+string(from)+"\x00") // a hash takes everything
}

// sends adds a frame.
func (w *Watch) sends(at time.Duration, from, to string, nth int, f peer.Frame) {
	if w == nil {
		return
	}
	turn := Turn{At: at, Kind: TurnLedger, From: from, To: to, Nth: nth, Message: f.Message}
	switch {
	case f.Message != nil:
		turn.Kind = TurnMessage
	case f.Receipt != nil:
		turn.Kind = TurnReceipt
	}
	w.Turns = append(w.Turns, turn)
}

// tells adds an advert that one host hears.
func (w *Watch) tells(at time.Duration, from, to string, nth int) {
	if w != nil {
		w.Turns = append(w.Turns, Turn{At: at, Kind: TurnAdvert, From: from, To: to, Nth: nth})
	}
}

// migrates adds a migration that a platform is asked for.
func (w *Watch) migrates(at time.Duration, guest, from, to string) {
	if w == nil {
		return
	}
	turn := Turn{Kind: TurnMigration, From: from, To: to, Guest: guest}
	w.starts[turn]++
	turn.Nth, turn.At = w.starts[turn], at
	w.Turns = append(w.Turns, turn)
}
