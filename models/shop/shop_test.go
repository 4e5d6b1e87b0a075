package shop_test

import (
	"testing"

	"parley/lcc"
	"parley/models"
	"parley/sim"
)

// The shop: it is sold, or it is said why not, whatever is lost.
func TestShop(t *testing.T) {
	text, _ := models.Text("shop")
	model, found := lcc.Compile("shop", text, nil)
	if model == nil {
		t.Fatal(found)
	}
	fact := func(text string) lcc.Term {
		term, err := lcc.ParseTerm(text)
		if err != nil {
			t.Fatal(err)
		}
		return term
	}
	for seed := range uint64(50) {
		r, err := sim.PeerRun{Model: model, Seed: seed, Network: sim.Network{Loss: 0.2, Duplicate: 0.1}, Peers: []sim.PeerRunPeer{
			{Name: "alice", Facts: []lcc.Term{fact("wants(lamp)"), fact("afford(lamp, 5)")}, Start: []lcc.Start{{Role: lcc.Atom("buyer")}}},
			{Name: "bob", Facts: []lcc.Term{fact("in_stock(lamp, 5)")}, Subscribe: []string{"shopkeeper"}},
		}}.Run()
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Waiting) > 0 {
			t.Errorf("seed %d: %v wait for ever", seed, r.Waiting)
		}
	}
}
