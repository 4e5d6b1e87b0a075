package node

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

// reserving is a model whose host holds room as soon as it can.
const reserving = `
r(idle, initial).
a(idle, ID) ::
    null <- reserve("g1", need(1.0, 512), "other", D) then
    null <- settled(D, Outcome) then
    null <- k(outcome(Outcome))
`

// drive hands in an event and lets the journal be durable at once.
func drive(t *testing.T, n *Node, now lcc.Instant, ev hostagent.Event) []Effect {
	t.Helper()
	effects, err := n.StepHost(now, ev)
	return append(effects, settle(t, n, now, effects, err)...)
}

// drivePeer is drive for an event of the peer.
func drivePeer(t *testing.T, n *Node, now lcc.Instant, ev peer.Event) []Effect {
	t.Helper()
	effects, err := n.StepPeer(now, ev)
	return append(effects, settle(t, n, now, effects, err)...)
}

// wake is drive for the end of an alarm.
func wake(t *testing.T, n *Node, now lcc.Instant) []Effect {
	t.Helper()
	effects, err := n.Wake(now)
	return append(effects, settle(t, n, now, effects, err)...)
}

// settle says that what was handed to the journal is durable, until nothing more is.
func settle(t *testing.T, n *Node, now lcc.Instant, effects []Effect, err error) (out []Effect) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range effects {
		if journal, ok := e.Host.(hostagent.Journal); ok {
			out = append(out, drive(t, n, now, hostagent.Journalled{Seq: journal.Seq})...)
		}
	}
	return out
}

func newNode(t *testing.T) *Node { return newNodeOf(t, "me") }

func newNodeOf(t *testing.T, self lcc.PeerID) *Node {
	t.Helper()
	n, err := New(Options{Self: self, Incarnation: 1, Host: hostagent.DefaultConfig(), Peer: peer.Options{Records: true}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func look(cpu time.Duration) hostagent.Observed {
	return hostagent.Observed{
		Wall: time.Unix(1_000_000, 0).Add(cpu),
		Observation: hostagent.Observation{Capacity: hostagent.Resources{CPU: 4, MemoryBytes: 4 << 30},
			Endpoints: map[hostagent.Kind]string{hostagent.VM: "me"}},
	}
}

func stories(effects []Effect) (states []string) {
	for _, e := range effects {
		if s, ok := e.Host.(hostagent.DealChanged); ok {
			states = append(states, string(s.State))
		}
	}
	return states
}

// frameOf is the frame of a host agent that goes to a peer.
func frameOf(t *testing.T, effects []Effect, to lcc.PeerID) peer.Frame {
	t.Helper()
	for _, e := range effects {
		if transmit, ok := e.Peer.(peer.Transmit); ok && transmit.To == to && transmit.Frame.Host != nil {
			return transmit.Frame
		}
	}
	t.Fatalf("nothing is said to the host agent of %s: %v", to, effects)
	return peer.Frame{}
}

// An action of a model goes to the ledger, its answer back to the model, and
// the alarm of the ledger wakes it: the whole way without a driver in between.
func TestActionAndAlarm(t *testing.T) {
	model, diagnostics := lcc.Compile("reserving", []byte(reserving), hostagent.Vocabulary())
	if model == nil {
		t.Fatal(diagnostics)
	}
	n := newNode(t)
	now := lcc.Instant(1)
	drive(t, n, now, look(0))
	now += lcc.Instant(5 * time.Second)
	drive(t, n, now, look(5*time.Second))
	source := newNodeOf(t, "other")
	for _, at := range []time.Duration{0, 5 * time.Second} {
		seen := look(at)
		seen.Observation.Guests = []hostagent.Guest{{
			ID: "g1", Name: "web", State: hostagent.Running, CPUTime: at / 10, Declared: hostagent.Resources{CPU: 1, MemoryBytes: 512 << 20},
		}}
		drive(t, source, 1+lcc.Instant(at), seen)
	}
	out := drivePeer(t, n, now, peer.Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("idle")}}})
	ask := frameOf(t, out, "other")
	answer := frameOf(t, drivePeer(t, source, now, peer.Arrived{From: "me", Frame: ask}), "me")
	out = drivePeer(t, n, now, peer.Arrived{From: "other", Frame: answer})
	if got := strings.Join(stories(out), " "); got != "offered" {
		t.Fatalf("deals: got %q, want offered", got)
	}
	now += lcc.Instant(time.Minute)
	out = wake(t, n, now)
	if got := strings.Join(stories(out), " "); got != "expired" {
		t.Errorf("deals after the offer's time: got %q, want expired", got)
	}
	ended := false
	for _, e := range out {
		if f, ok := e.Peer.(peer.Finish); ok {
			ended = f.Finish.Reason.Code == lcc.ReasonDone
		}
	}
	if !ended {
		t.Error("the model did not learn that the deal is settled")
	}
}

// A frame of a host agent that was not carried is no affair of the models.
func TestSendFailed(t *testing.T) {
	n := newNode(t)
	if _, err := n.StepPeer(1, peer.SendFailed{To: "other", Frame: peer.Frame{Host: &peer.Host{Payload: []byte("x")}}}); err != nil {
		t.Error(err)
	}
}
