package node

import (
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

const (
	// selfLoop notes in a circle from its start.
	selfLoop = `
r(counter, initial).
a(counter, ID) ::
    ( note(beats, N) <- noted(beats, Last, _) and N is Last + 1 then a(counter, ID) )
    or ( note(beats, 1) <- not noted(beats, _, _) then a(counter, ID) )
`
	// noteLoop notes as often as a message asks for.
	noteLoop = `
r(server, initial).
r(asker, necessary).
r(counting(_, _), auxiliary).
a(server, ID) :: ask(N) <= a(asker, S) then a(counting(N, S), ID)
a(counting(N, S), ID) ::
    ( note(left, N) <- N > 0 then null <- M is N - 1 then a(counting(M, S), ID) )
    or ( over => a(asker, S) <- N =< 0 then a(server, ID) )
a(asker, ID) :: ask(3) => a(server, _) then over <= a(counting(_, _), _)
`
	// pingPong is two roles that wake each other by what they note.
	pingPong = `
r(one, initial).
r(two, initial).
a(one, ID) :: note(a, 1) then a(one_waits, ID)
r(one_waits, auxiliary).
r(two_waits, auxiliary).
a(one_waits, ID) :: note(a, N) <- noted(b, M, _) and N is M + 1 then a(one_waits, ID)
a(two, ID) :: note(b, 1) then a(two_waits, ID)
a(two_waits, ID) :: note(b, N) <- noted(a, M, _) and N is M + 1 then a(two_waits, ID)
`
)

// A model that acts in a circle, by itself or since a message asked for it, loses
// its agents with a reason; no Step fails, and none does more than its part.
func TestActingInACircleEndsTheAgent(t *testing.T) {
	for _, c := range []struct {
		name, text string
		message    lcc.Term
	}{
		{"by itself", selfLoop, nil},
		{"as often as a message says", noteLoop, lcc.NewTerm("ask", lcc.Int(1_000_000))},
		{"two in turn", pingPong, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			model, diagnostics := lcc.Compile("circle", []byte(c.text), hostagent.Vocabulary())
			if model == nil {
				t.Fatal(diagnostics)
			}
			n := newNode(t)
			var starts []lcc.Start
			for _, role := range model.Initial() {
				starts = append(starts, lcc.Start{Role: lcc.Atom(role)})
			}
			drive(t, n, lcc.Instant(time.Minute), look(0))
			events := []peer.Event{peer.Enact{Model: model, Start: starts}}
			if c.message != nil {
				events = append(events, peer.Arrived{From: "other", Frame: peer.Frame{Incarnation: 1, Message: &lcc.Message{
					ID: lcc.MessageID{Peer: "other", Agent: 1, Seq: 1}, Model: model.Digest(), Conversation: "c",
					From: lcc.Party{Peer: "other", Agent: 1, Role: lcc.Atom("asker")}, To: lcc.Party{Peer: "me", Role: lcc.Atom("server")},
					Body: c.message,
				}}})
			}
			limited := false
			for i, ev := range events {
				limited = failsWithin(t, n, lcc.Instant(i+2)*lcc.Instant(time.Minute), ev) || limited
			}
			if !limited {
				t.Error("no agent has passed a limit")
			}
		})
	}
}

// failsWithin steps a node for ten seconds, and says whether an agent has passed a
// limit.
func failsWithin(t *testing.T, n *Node, began lcc.Instant, ev peer.Event) (limited bool) {
	t.Helper()
	alarm := lcc.Instant(0)
	now, before := began, n.Peer().Spent()
	for effects, err := n.StepPeer(now, ev); ; effects, err = n.Wake(now) {
		if err != nil {
			t.Fatal(err)
		}
		if spent := n.Peer().Spent() - before; spent > 3*exchangeSteps {
			t.Fatalf("a Step takes %d reductions", spent)
		}
		for _, e := range effects {
			if e.Alarm != nil {
				alarm = e.Alarm.At
			}
			if f, ok := e.Peer.(peer.Finish); ok {
				limited = limited || f.Finish.Reason.Code == lcc.ReasonLimit
			}
		}
		if alarm == 0 || alarm > began+lcc.Instant(10*time.Second) {
			return limited
		}
		now, before = alarm, n.Peer().Spent()
	}
}
