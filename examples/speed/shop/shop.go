// Package shop is one interaction in two forms, for a speed comparison: the shop of the
// LCC papers as a text that engines enact, and as two hand-written state machines in Go
// that take the same events and give the same messages and effects.
package shop

import (
	"fmt"

	"parley/lcc"
)

// Text is the interaction: four messages, one constraint at each side.
const Text = `
r(buyer(_), initial).
r(shopkeeper, necessary).
a(buyer(X), B) ::
	ask(X) => a(shopkeeper, S) then
	price(X, P) <= a(shopkeeper, S) then
	buy(X, P) => a(shopkeeper, S) <- afford(X, P) then
	sold(X, P) <= a(shopkeeper, S)
a(shopkeeper, S) ::
	ask(X) <= a(buyer(_), B) then
	price(X, P) => a(buyer(_), B) <- in_stock(X, P) then
	buy(X, P) <= a(buyer(_), B) then
	sold(X, P) => a(buyer(_), B)
afford(lamp, P) :- P < 10.
in_stock(lamp, 5).`

// Machine is the interface of an engine and of a hand-written machine.
type Machine interface {
	Step(now lcc.Instant, ev lcc.Event) ([]lcc.Effect, error)
}

// world knows the players of one shop.
type world struct{ players []lcc.Player }

func (world) Ask(lcc.Term) (lcc.Answer, bool) { return lcc.Answer{}, false }
func (w world) Players(lcc.Digest, lcc.Term) ([]lcc.Player, lcc.Truth) {
	return w.players, lcc.True
}

var shops = []lcc.Player{{Peer: "bob", Role: lcc.Atom("shopkeeper")}}

// Engines returns alice and bob as engines that enact the text.
func Engines() (alice, bob Machine, err error) {
	model, found := lcc.Compile("shop", []byte(Text), nil)
	if model == nil {
		return nil, nil, fmt.Errorf("shop: %v", found)
	}
	a, err := lcc.New(model, lcc.Options{Self: "alice", World: world{shops}})
	if err != nil {
		return nil, nil, err
	}
	b, err := lcc.New(model, lcc.Options{Self: "bob", World: world{shops}})
	if err != nil {
		return nil, nil, err
	}
	_, err = b.Step(0, lcc.Subscribe{Role: "shopkeeper"})
	return a, b, err
}

// ByHand returns alice and bob as machines written by hand.
func ByHand() (alice, bob Machine) {
	return &buyer{players: shops, running: map[lcc.AgentID]*deal{}}, &keeper{running: map[lcc.ConversationID]*deal{}}
}

// Trade runs whole interactions between two machines; its zero value has run none.
type Trade struct {
	Alice, Bob Machine
	queue      []lcc.Message
	ends       int
}

// Run runs n interactions of four messages each, atOnce of them concurrently.
func (t *Trade) Run(n, atOnce int) error {
	role := lcc.NewTerm("buyer", lcc.Atom("lamp"))
	t.ends = 0
	for begun := 0; begun < n; {
		for k := 0; k < atOnce && begun < n; k++ {
			begun++
			if err := t.take(t.Alice.Step(0, lcc.Start{Role: role})); err != nil {
				return err
			}
		}
		for i := 0; i < len(t.queue); i++ {
			to := t.Alice
			if t.queue[i].To.Peer == "bob" {
				to = t.Bob
			}
			if err := t.take(to.Step(0, lcc.Received{Message: t.queue[i]})); err != nil {
				return err
			}
		}
		t.queue = t.queue[:0]
	}
	if t.ends != 2*n {
		return fmt.Errorf("shop: %d agents came to their end, not %d", t.ends, 2*n)
	}
	return nil
}

func (t *Trade) take(effects []lcc.Effect, err error) error {
	for _, effect := range effects {
		switch effect := effect.(type) {
		case lcc.Send:
			t.queue = append(t.queue, effect.Message)
		case lcc.Finish:
			t.ends++
			if effect.Reason.Code != lcc.ReasonDone {
				return fmt.Errorf("shop: %s ended: %s", effect.Role, effect.Reason)
			}
		}
	}
	return err
}
