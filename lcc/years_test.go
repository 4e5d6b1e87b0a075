package lcc

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// from returns a message of a stranger in a new conversation.
func from(n uint64, role string, body Term) Received {
	peer := PeerID(fmt.Sprint("x", n))
	return Received{Message{
		ID: MessageID{peer, 1, 1}, Conversation: ConversationID(fmt.Sprint(peer, "/1/1")), Body: body,
		From: Party{Peer: peer, Agent: 1, Role: Atom("s")}, To: Party{Peer: "p", Role: Atom(role)},
	}}
}

// live returns the memory in use after a garbage collection.
func live() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// TestWaitingCostsNothing: waiting and parked agents use no steps and no memory for
// events that do not concern them, however many agents there are.
func TestWaitingCostsNothing(t *testing.T) {
	model := compileText(t, `
		a(idle, ID) ::
			( null <- hot(N) then a(busy, ID) )
			or ( ask(G) <= a(s, S) <- G > 1 then a(busy, ID) )
			or ( null <- timeout(60) then a(idle, ID) )
			or a(idle, ID)
		a(busy, ID) :: done <= a(s, S)`)
	allocs := func(agents int) float64 {
		e := newEngine(t, model, "p")
		for range agents {
			step(t, e, Start{Role: Atom("idle")})
		}
		events := []Event{Changed{Names: []string{"cold"}}, Suspected{Peer: "z", Suspected: true}, Suspected{Peer: "z"}}
		e.meter.reset()
		count := testing.AllocsPerRun(100, func() {
			for _, ev := range events {
				if effects := step(t, e, ev); len(effects) != 0 {
					t.Fatalf("got %v, want nothing", effects)
				}
			}
		})
		if e.meter.steps != 0 || e.meter.cells != 0 {
			t.Errorf("%d agents: got %d steps and %d cells for nothing, want none", agents, e.meter.steps, e.meter.cells)
		}
		return count
	}
	if one, many := allocs(1), allocs(2000); one != many {
		t.Errorf("got %v allocations with one agent and %v with 2000, want the same", one, many)
	}
}

// TestStrangersLeaveNothing: an agent that serves strangers for years tracks only a few
// of them, and agents that begin and end leave nothing either.
func TestStrangersLeaveNothing(t *testing.T) {
	e := newEngine(t, compileText(t, `
		a(serves, ID) :: ask <= a(s, S) then yes => a(s, S) then a(serves, ID)
		a(opens, ID) :: ask <= a(s, S) then yes => a(s, S)`), "p")
	step(t, e, Start{Role: Atom("serves")})
	step(t, e, Subscribe{Role: "opens"})
	serve := func(first, last uint64) {
		for n := first; n < last; n++ {
			for _, role := range []string{"serves", "opens"} {
				effects := step(t, e, from(n, role, Atom("ask")))
				if len(effects) < 2 {
					t.Fatalf("got %v, want the message taken and answered", effects)
				}
				if n%3 == 0 {
					m := effects[1].(Send).Message
					step(t, e, Undelivered{Message: m.ID, To: m.To.Peer, Reason: Reason{Code: ReasonUnreachable}})
				}
			}
		}
	}
	serve(0, 2000)
	before := live()
	serve(2000, 60_000)
	if after := live(); after > before+256<<10 {
		t.Errorf("got %d bytes after 60,000 strangers, want about the %d after 2,000", after, before)
	}
	if len(e.agents.byID) != 1 || len(e.conversations) > linksMax+1 || len(e.agents.begunBy) > 0 {
		t.Errorf("got %d agents, %d conversations, %d peers left, want 1, at most %d, none", len(e.agents.byID), len(e.conversations),
			len(e.agents.begunBy), linksMax+1)
	}
}

// TestFilledMailbox: a mailbox full of the largest messages holds no more than that,
// and senders learn that it is full.
func TestFilledMailbox(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r, ID) :: go <= a(s, S) then done => a(s, S)"), "p")
	step(t, e, Start{Role: Atom("r")})
	before := live()
	for n := range uint64(2000) {
		large := NewTerm("m", String(strings.Repeat("x", 4000)), String(strings.Repeat("y", 4000)), String(strings.Repeat("z", 4000)))
		effects := step(t, e, from(n, "r", large))
		bounced := len(effects) == 1 && effects[0].(Bounce).Reason.Code == ReasonBusy
		if want := n >= uint64(defaultLimits.MailboxMessages); bounced != want {
			t.Fatalf("message %d: got %v, want that it comes back: %v", n, effects, want)
		}
	}
	if after := live(); after > before+2<<20 {
		t.Errorf("got %d bytes more for a full mailbox, want at most 2 MiB", after-before)
	}
	if reason, ok := ends(step(t, e, Stop{})); !ok || reason.Code != ReasonStopped {
		t.Errorf("got %v, want it stopped", reason)
	}
	runtime.KeepAlive(e)
}
