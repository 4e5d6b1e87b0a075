package peer_test

import (
	"fmt"

	"parley/lcc"
	"parley/peer"
)

// A driver feeds events to a core and carries out its effects. Here there is one peer
// and no network: the driver prints what it would send.
func Example() {
	model, found := lcc.Compile("greet", []byte(`
		r(asker, initial)
		r(teller, initial)
		a(asker, A) :: hello => a(teller, T).
		a(teller, T) :: hello <= a(asker, A).
	`), nil)
	if model == nil {
		fmt.Println(found)
		return
	}
	core, err := peer.New(peer.Options{Self: "alice", Incarnation: 1, World: lcc.EmptyWorld{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, ev := range []peer.Event{
		peer.Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("asker")}}},
		peer.Link{Peer: "bob", Up: true},
		// Bob advertises the role for which the asker waits.
		peer.Heard{Advert: peer.Advert{Peer: "bob", Incarnation: 1, Seq: 1, Plays: []peer.Play{
			{Model: model.Digest(), Roles: []lcc.Term{lcc.Atom("teller")}},
		}}},
	} {
		effects, err := core.Step(1, ev)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, effect := range effects {
			if send, ok := effect.(peer.Transmit); ok && send.Frame.Message != nil {
				fmt.Printf("to %s: %s\n", send.To, send.Frame.Message.Body)
			}
		}
	}
	// Output:
	// to bob: hello
}
