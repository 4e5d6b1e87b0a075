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
func drive(t *testing.T, n *Node, now lcc.Instant, ev Event) (out []Effect) {
	t.Helper()
	queue := []Event{ev}
	for len(queue) > 0 {
		effects, err := n.Step(now, queue[0])
		if err != nil {
			t.Fatal(err)
		}
		queue = queue[1:]
		for _, e := range effects {
			if journal, ok := e.(hostagent.Journal); ok {
				queue = append(queue, hostagent.Journalled{Seq: journal.Seq})
			}
			out = append(out, e)
		}
	}
	return out
}

func newNode(t *testing.T) *Node { return newNodeOf(t, "me") }

func newNodeOf(t *testing.T, self lcc.PeerID) *Node {
	t.Helper()
	n, err := New(Options{Self: self, Incarnation: 1, Peer: peer.Options{Records: true}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func look(cpu time.Duration) hostagent.Observed {
	return hostagent.Observed{
		Wall:        time.Unix(1_000_000, 0).Add(cpu),
		Observation: hostagent.Observation{Capacity: hostagent.Resources{CPU: 4, MemoryBytes: 4 << 30}, Endpoint: "me"},
	}
}

func stories(effects []Effect) (states []string) {
	for _, e := range effects {
		if s, ok := e.(hostagent.DealChanged); ok {
			states = append(states, string(s.State))
		}
	}
	return states
}

// frameOf is the frame of a host agent that goes to a peer.
func frameOf(t *testing.T, effects []Effect, to lcc.PeerID) peer.Frame {
	t.Helper()
	for _, e := range effects {
		if transmit, ok := e.(peer.Transmit); ok && transmit.To == to && transmit.Frame.Host != nil {
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
	out := drive(t, n, now, peer.Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("idle")}}})
	ask := frameOf(t, out, "other")
	answer := frameOf(t, drive(t, source, now, peer.Arrived{From: "me", Frame: ask}), "me")
	out = drive(t, n, now, peer.Arrived{From: "other", Frame: answer})
	if got := strings.Join(stories(out), " "); got != "offered" {
		t.Fatalf("deals: got %q, want offered", got)
	}
	now += lcc.Instant(time.Minute)
	out = drive(t, n, now, Woken{})
	if got := strings.Join(stories(out), " "); got != "expired" {
		t.Errorf("deals after the offer's time: got %q, want expired", got)
	}
	ended := false
	for _, e := range out {
		if f, ok := e.(peer.Finish); ok {
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
	if _, err := n.Step(1, peer.SendFailed{To: "other", Frame: peer.Frame{Host: &peer.Host{Payload: []byte("x")}}}); err != nil {
		t.Error(err)
	}
}

func TestNotAnEvent(t *testing.T) {
	n := newNode(t)
	if _, err := n.Step(1, "hello"); err == nil || !strings.Contains(err.Error(), "not an event") {
		t.Errorf("got %v, want that it is not an event", err)
	}
}
