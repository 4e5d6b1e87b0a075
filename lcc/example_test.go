package lcc_test

import (
	"fmt"

	"parley/lcc"
)

// A model is compiled once. Each peer has its own engine; the driver carries messages
// between them.
func Example() {
	model, found := lcc.Compile("greet", []byte(`
		r(asker, initial)
		r(teller, initial)
		a(asker, A) :: hello => a(teller, "bob") then hello_to(N) <= a(teller, B).
		a(teller, B) :: hello <= a(asker, A) then hello_to(A) => a(asker, A).
	`), nil)
	if model == nil {
		fmt.Println(found)
		return
	}
	engines := map[lcc.PeerID]*lcc.Engine{}
	for _, id := range []lcc.PeerID{"alice", "bob"} {
		engine, err := lcc.New(model, lcc.Options{Self: id, World: lcc.EmptyWorld{}})
		if err != nil {
			fmt.Println(err)
			return
		}
		engines[id] = engine
	}
	var step func(id lcc.PeerID, ev lcc.Event)
	step = func(id lcc.PeerID, ev lcc.Event) {
		effects, err := engines[id].Step(0, ev)
		if err != nil {
			fmt.Println(err)
		}
		for _, effect := range effects {
			switch effect := effect.(type) {
			case lcc.Send:
				to := effect.Message.To.Peer
				fmt.Printf("%s to %s: %s\n", id, to, effect.Message.Body)
				step(to, lcc.Received(effect))
			case lcc.Finish:
				fmt.Printf("%s ends as %s: %s\n", id, effect.Role, effect.Reason)
			}
		}
	}
	step("bob", lcc.Subscribe{Role: "teller"})
	step("alice", lcc.Start{Role: lcc.Atom("asker")})
	// Output:
	// alice to bob: hello
	// bob to alice: hello_to("alice")
	// alice ends as asker: done
	// bob ends as teller: done
}
