package peer

import (
	"testing"
	"time"

	"parley/lcc"
)

// blamed counts the reports about a peer by kind, when it sends the frame a number of
// times.
func (n *net) blamed(at, from lcc.PeerID, times int, frame Frame) map[string]int {
	n.t.Helper()
	kinds := map[string]int{}
	for range times {
		effects, err := n.peers[at].core.Step(n.now, Arrived{From: from, Frame: frame})
		if err != nil {
			n.t.Fatal(err)
		}
		for _, effect := range effects {
			if m, ok := effect.(Misbehaved); ok && m.Peer == from {
				kinds[m.Kind]++
			}
		}
	}
	return kinds
}

// TestMisbehaved: a peer that claims another identity is reported at once; a peer that
// resends, once that persists; and nobody else is.
func TestMisbehaved(t *testing.T) {
	n, model := newNet(t, "alice", "eve")
	n.step("alice", Enact{Model: model, Subscribe: []string{"echo"}})
	message := lcc.Message{
		Model: model.Digest(), ID: lcc.MessageID{Peer: "eve", Agent: 1, Seq: 1}, Conversation: "c",
		From: lcc.Party{Peer: "eve", Agent: 1, Role: lcc.Atom("caller")}, To: lcc.Party{Peer: "alice", Role: lcc.Atom("echo")},
		Body: lcc.NewTerm("one", lcc.Int(1)),
	}
	if got := n.blamed("alice", "mallory", 3, Frame{Incarnation: 1, Message: &message}); got[blameForged] != 3 {
		t.Errorf("of one who is not eve: got %v, want 3 forged", got)
	}
	if got := n.blamed("alice", "eve", 1+repeatsAtOnce, Frame{Incarnation: 1, Message: &message}); len(got) != 0 {
		t.Errorf("a message and as many repeats as may be honest: got %v, want nothing", got)
	}
	if got := n.blamed("alice", "eve", 10, Frame{Incarnation: 1, Message: &message}); got[blameReplayed] != 10 {
		t.Errorf("ten more: got %v, want them blamed", got)
	}
	n.now += lcc.Instant(time.Hour)
	if got := n.blamed("alice", "eve", 1, Frame{Incarnation: 1, Message: &message}); len(got) != 0 {
		t.Errorf("an hour later: got %v, want nothing", got)
	}
}

// TestAvoid: no model chooses an excluded peer until the exclusion ends.
func TestAvoid(t *testing.T) {
	n, model := newNet(t, "alice", "eve")
	n.step("eve", Enact{Model: model, Subscribe: []string{"echo"}})
	n.step("alice", Avoid{Peer: "eve", On: true})
	n.step("alice", Enact{Model: model, Start: caller()})
	n.settle()
	if len(n.log) != 0 {
		t.Errorf("got %v, want that alice waits", n.log)
	}
	n.step("alice", Avoid{Peer: "eve"})
	n.settle()
	n.has("eve receive two(2)", "alice ended done")
}
