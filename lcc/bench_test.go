package lcc_test

import (
	"testing"

	"parley/lcc"
)

const shopText = `
r(buyer, initial, 0)
r(shopkeeper, initial, 1)
a(buyer(X), B) ::
	ask(X) => a(shopkeeper, S) <- shop(S)
	then price(X, P) <= a(shopkeeper, S) <- P < 10
	then buy(X, P) => a(shopkeeper, S)
	then sold(X, P) <= a(shopkeeper, S).
a(shopkeeper, S) ::
	ask(X) <= a(buyer(X), B)
	then price(X, P) => a(buyer(X), B) <- price_of(X, P)
	then buy(X, P) <= a(buyer(X), B)
	then sold(X, P) => a(buyer(X), B).
price_of(apple, 5).
`

// shopWorld knows where the shop is.
type shopWorld struct{ lcc.EmptyWorld }

func (shopWorld) Ask(goal lcc.Term) (lcc.Answer, bool) {
	if name, _, _ := lcc.Name(goal); name == "shop" {
		return lcc.Answer{Truth: lcc.True, Solutions: [][]lcc.Term{{lcc.String("shop")}}}, true
	}
	return lcc.Answer{}, false
}

// BenchmarkConversation measures one conversation of four messages between two engines,
// from the start of the buyer to the end of both agents.
func BenchmarkConversation(b *testing.B) {
	model, found := lcc.Compile("shop", []byte(shopText), nil)
	if model == nil {
		b.Fatal(found)
	}
	engines := map[lcc.PeerID]*lcc.Engine{}
	for _, id := range []lcc.PeerID{"buyer", "shop"} {
		engine, err := lcc.New(model, lcc.Options{Self: id, World: shopWorld{}})
		if err != nil {
			b.Fatal(err)
		}
		engines[id] = engine
	}
	step := func(id lcc.PeerID, ev lcc.Event) []lcc.Effect {
		effects, err := engines[id].Step(0, ev)
		if err != nil {
			b.Fatal(err)
		}
		return effects
	}
	step("shop", lcc.Subscribe{Role: "shopkeeper"})
	start := lcc.Start{Role: lcc.NewTerm("buyer", lcc.Atom("apple"))}
	b.ReportAllocs()
	for b.Loop() {
		finished, waiting := 0, step("buyer", start)
		for len(waiting) > 0 {
			next := waiting[0]
			waiting = waiting[1:]
			switch effect := next.(type) {
			case lcc.Send:
				waiting = append(waiting, step(effect.Message.To.Peer, lcc.Received(effect))...)
			case lcc.Finish:
				finished++
			}
		}
		if finished != 2 {
			b.Fatalf("%d agents ended, want both", finished)
		}
	}
}
