package peer

import (
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// otherPing is the same text with another digest, as another owner publishes it.
func otherPing(t *testing.T) *lcc.Model {
	t.Helper()
	model, diagnostics := lcc.Compile("ping", []byte(pingModel+"% of another owner\n"), nil)
	if model == nil {
		t.Fatal(diagnostics)
	}
	return model
}

func caller() []lcc.Start { return []lcc.Start{{Role: lcc.Atom("caller")}} }

// TestOutsider: an outsider counts only for its listed models: other models do not
// choose it, and its messages of other models are bounced with the reason.
func TestOutsider(t *testing.T) {
	n, ours := newNet(t, "alice", "eve")
	shared := otherPing(t)
	for _, model := range []*lcc.Model{ours, shared} {
		n.step("eve", Enact{Model: model, Subscribe: []string{"echo"}})
		n.step("alice", Enact{Model: model, Subscribe: []string{"echo"}})
	}
	n.step("alice", Outsiders{List: []Outsider{{Peer: "eve", Models: []lcc.Digest{shared.Digest()}, Why: "eve belongs to another owner"}}})
	n.pass(time.Second)

	n.step("alice", Enact{Model: ours, Start: caller()})
	n.settle()
	if len(n.log) != 0 {
		t.Errorf("got %v, want that alice waits: the outsider is not chosen", n.log)
	}
	n.step("eve", Enact{Model: ours, Start: caller()})
	back := ""
	for len(n.queue) > 0 {
		if r := n.queue[0].frame.Receipt; r != nil && n.queue[0].to == "eve" {
			back = r.Reason.String()
		}
		n.deliver(0)
	}
	if want := "refused: eve belongs to another owner"; back != want {
		t.Errorf("receipt: got %q, want %q", back, want)
	}
	n.has("eve ended done")
	if strings.Contains(strings.Join(n.log, "\n"), "alice") {
		t.Errorf("got %v, want that alice takes no message of the outsider", n.log)
	}

	n.log = nil
	n.step("alice", Enact{Model: shared, Start: caller()})
	n.step("eve", Enact{Model: shared, Start: caller()})
	n.settle()
	n.has("alice receive two(2)", "alice ended done", "eve receive two(2)", "eve ended done")
}

// TestOutsiderNoLonger: the list is replaced completely. A peer that is no longer on it
// is free, and agents that wait for it find it at once.
func TestOutsiderNoLonger(t *testing.T) {
	n, model := newNet(t, "alice", "eve")
	n.step("alice", Outsiders{List: []Outsider{{Peer: "eve"}}})
	n.step("eve", Enact{Model: model, Subscribe: []string{"echo"}})
	n.step("alice", Enact{Model: model, Start: caller()})
	n.settle()
	if len(n.log) != 0 {
		t.Errorf("got %v, want that alice waits", n.log)
	}
	n.step("alice", Outsiders{})
	n.settle()
	n.has("alice ended done")
}

// TestNothingIsSentToOutsider: a model that knows an outsider's id from elsewhere
// cannot send to it.
func TestNothingIsSentToOutsider(t *testing.T) {
	model, diagnostics := lcc.Compile("straight", []byte(`
r(x, initial). r(y, necessary).
a(x, X) :: secret => a(y, "eve") then ((null <- failed("eve", refused)) or (null <- timeout(60) then late => a(y, "eve")))
a(y, Y) :: secret <= a(x, X)
`), nil)
	if model == nil {
		t.Fatal(diagnostics)
	}
	n, _ := newNet(t, "alice", "eve")
	n.step("eve", Enact{Model: model, Subscribe: []string{"y"}})
	n.step("alice", Outsiders{List: []Outsider{{Peer: "eve", Why: "eve belongs to another owner"}}})
	n.step("alice", Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("x")}}})
	n.settle()
	n.has("alice ended done")
	if strings.Contains(strings.Join(n.log, "\n"), "eve receive") {
		t.Errorf("got %v, want nothing sent to the outsider", n.log)
	}
}

func TestOutsidersThatCannotBe(t *testing.T) {
	for _, list := range [][]Outsider{{{}}, {{Peer: "alice"}}, {{Peer: "eve"}, {Peer: "eve"}}} {
		n, _ := newNet(t, "alice")
		if _, err := n.peers["alice"].core.Step(n.now, Outsiders{List: list}); err == nil {
			t.Errorf("%v: got no error, want one", list)
		}
	}
}
