package peer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/lcc"
	"parley/lcc/vocabulary"
)

// strangersModel contacts each host of the sample beyond the group.
func strangersModel(t *testing.T) *lcc.Model {
	t.Helper()
	model, diagnostics := lcc.Compile("strangers", []byte(`
r(x, initial). r(y, necessary).
a(x, X) ::
    (hello(P) => a(y, P) <- beyond(P) and not known(met(P)) then null <- k(met(P)) then a(x, X))
    or (null <- timeout(600) then a(x, X))
a(y, Y) :: hello(_) <= a(x, X)
`), &vocabulary.Set{Predicates: []vocabulary.Signature{{Name: beyondName,
		Params: []vocabulary.Param{{Name: "Peer", Mode: vocabulary.Out, Type: "string"}}}}})
	if model == nil {
		t.Fatal(diagnostics)
	}
	return model
}

// TestBeyond: a model that waits for a host beyond its group continues when the driver
// hands in a sample, and reaches the host although it received no advert of it.
func TestBeyond(t *testing.T) {
	n, _ := newNet(t, "alice", "bob", "carl")
	model := strangersModel(t)
	for _, id := range []lcc.PeerID{"bob", "carl"} {
		n.step(id, Enact{Model: model, Subscribe: []string{"y"}})
	}
	n.queue = nil // alice does not receive their adverts
	n.step("alice", Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("x")}}})
	n.settle()
	if len(n.log) > 0 {
		t.Errorf("got %v before alice knows of anybody, want nothing", n.log)
	}
	n.step("alice", Beyond{Peers: []lcc.PeerID{"bob", "alice", "bob"}})
	n.settle()
	n.has(`bob receive hello("bob")`)
	n.step("alice", Beyond{Peers: []lcc.PeerID{"carl"}})
	n.settle()
	n.has(`carl receive hello("carl")`)
	if log := strings.Join(n.log, "\n"); strings.Count(log, "alice send") != 2 {
		t.Errorf("got %v, want one message to each", n.log)
	}
}

// TestBeyondOrder: the order of a sample is random, and the same for the same seed.
func TestBeyondOrder(t *testing.T) {
	var sample []lcc.PeerID
	for i := range 20 {
		sample = append(sample, lcc.PeerID(fmt.Sprintf("host%02d", i)))
	}
	order := func(seed byte, sample []lcc.PeerID) string {
		core, err := New(Options{Self: "me", Seed: [32]byte{seed}, World: lcc.EmptyWorld{}})
		if err != nil {
			t.Fatal(err)
		}
		goal := lcc.NewTerm("beyond", &lcc.Var{Name: "P"})
		if _, known := (world{core}).Ask(goal); known {
			t.Error("before the driver has told of anybody: got an answer, want that the host is asked")
		}
		if _, err := core.Step(1, Beyond{Peers: sample}); err != nil {
			t.Fatal(err)
		}
		answer, known := world{core}.Ask(goal)
		if !known || len(answer.Solutions) != len(sample) {
			t.Fatalf("got %v, want all of the sample", answer)
		}
		return fmt.Sprint(answer.Solutions)
	}
	first, turned := order(1, sample), slices.Clone(sample)
	slices.Reverse(turned)
	if order(1, turned) != first {
		t.Error("the order depends on that in which the driver told")
	}
	if order(2, sample) == first {
		t.Error("the order is the same with another seed")
	}
	if got := order(1, nil); got != "[]" {
		t.Errorf("of nobody: got %s", got)
	}
}

// TestLinkBeyond: a connection made on demand owes no advert, and its end causes no
// suspicion.
func TestLinkBeyond(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	n.step("alice", Enact{Model: model, Subscribe: []string{"echo"}})
	n.settle()
	n.now += lcc.Instant(n.peers["alice"].core.o.AdvertGap)
	n.step("alice", Link{Peer: "bob", Up: true, Beyond: true})
	if len(n.queue) > 0 {
		t.Errorf("got %v, want no advert for who was called on demand", n.queue)
	}
	n.step("alice", Link{Peer: "bob", Beyond: true})
	n.pass(10 * n.peers["alice"].core.o.LinkGrace)
	for _, k := range n.peers["alice"].core.Known() {
		if k.Linked || k.Suspected {
			t.Errorf("got %+v, want it neither linked nor suspected", k)
		}
	}
	n.step("alice", Link{Peer: "bob", Up: true})
	if len(n.queue) != 1 {
		t.Errorf("got %v, want an advert for who is of the group", n.queue)
	}
}
