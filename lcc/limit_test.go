package lcc

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/lcc/syntax"
)

// compileText compiles a text without the checker, so that it may be incomplete or
// faulty.
func compileText(tb testing.TB, text string) *Model {
	tb.Helper()
	file, errs := syntax.Parse("test", []byte(text))
	if len(errs) > 0 {
		tb.Fatalf("got errors: %v", errs)
	}
	return lower("test", []byte(text), file, nil)
}

func newEngine(tb testing.TB, m *Model, self PeerID) *Engine {
	tb.Helper()
	e, err := New(m, Options{Self: self, World: EmptyWorld{}})
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func step(tb testing.TB, e *Engine, ev Event) []Effect {
	tb.Helper()
	effects, err := e.Step(e.around.now, ev)
	if err != nil {
		tb.Fatal(err)
	}
	return effects
}

// ends returns the reason of the Finish in these effects.
func ends(effects []Effect) (reason Reason, ok bool) {
	for _, effect := range effects {
		if f, is := effect.(Finish); is {
			return f.Reason, true
		}
	}
	return Reason{}, false
}

// doublings returns text that doubles a list n times.
func doublings(n int) string {
	text := "L0 = [1] and "
	for i := range n {
		text += fmt.Sprintf("d(L%d, L%d) and ", i, i+1)
	}
	return text
}

// spentMax bounds the cost of one hostile text, in total bytes allocated, garbage
// included. The memory in use at once, which must stay below 64 MiB, is less.
const spentMax = 128 << 20

// spent compares the allocations of do with the bound, and logs its time, which depends
// on the machine.
func spent(t *testing.T, do func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	do()
	took := time.Since(begin)
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > spentMax {
		t.Errorf("got %d bytes allocated, want at most %d", bytes, spentMax)
	}
	t.Logf("%v, %d kB", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)/1024)
}

// TestRunaways: the default limits stop runaway texts, and the reason says which limit.
func TestRunaways(t *testing.T) {
	for _, test := range []struct{ name, text, start, want string }{
		{"terms that double", "a(r(X), ID) :: null then a(r([X, X]), ID)", "r([])", "bytes"},
		{"a list that grows", "a(r(L), ID) :: null then a(r([x | L]), ID)", "r([])", "steps"},
		{"a counter", "a(r(N), ID) :: null then a(r(M), ID) <- M is N + 1", "r(0)", "steps"},
		{"messages to itself", `a(r, ID) :: m => a(r, "x") then a(r, ID)`, "r", "cells"},
		{"roles within roles", "a(r(N), ID) :: a(r(M), ID) <- M is N + 1 then end <= a(r(N), ID)", "r(0)", "one within the other"},
		{"left recursion", "p(X) :- p(X) and fail. a(r, ID) :: null <- p(1)", "r", "steps"},
		{"a search", "p(1). p(2). a(r, ID) :: null <- p(A) and p(B) and p(C) and p(D) and p(E) and p(F) and p(G) and p(H) and p(I) and p(J) and p(K) and p(L) and p(M) and p(N) and p(O) and A + B > 9", "r", "steps"},
		{"solutions", "p(1). p(2). p(3). q(A, B, C, D, E, F, G, H) :- p(A), p(B), p(C), p(D), p(E), p(F), p(G), p(H). a(r, ID) :: null <- findall(f(A, H), q(A, B, C, D, E, F, G, H), S)", "r", ""},
		{"solutions within solutions", "n(0). n(N) :- n(M) and N is M + 1. all(L) :- findall(N, n(N), L). a(r, ID) :: null <- findall(L, all(L), S)", "r", "steps"},
		{"memory", "a(r(N), ID) :: null <- k(seen(N)) then a(r(M), ID) <- M is N + 1", "r(0)", "steps"},
		{"branches of a par", "a(r, ID) :: (a(r, ID) par a(r, ID))", "r", ""},
		{"a list doubled", "d(L, M) :- append(L, L, M). a(r, ID) :: null <- " + doublings(16) + " m = n", "r", "list"},
		{"sorting", "a(r(L), ID) :: null <- append(L, [2, 1], M) and sort(M, N) then a(r(N), ID)", "r([])", "steps"},
		{"a string of strings", "a(r(S), ID) :: null then a(r(f(S, \"" + strings.Repeat("x", 4000) + "\")), ID)", "r(a)", "bytes"},
		{"negation in negation", "p(X) :- not p(X). a(r, ID) :: null <- p(1)", "r", "steps"},
		{"roles that take turns", "a(r, ID) :: null <- k(a) then a(s, ID) a(s, ID) :: null <- retract(a) then a(r, ID)", "r", "cells"},
		{"time", "a(r, ID) :: null <- timeout(0) then a(r, ID)", "r", "cells"},
		{"a doubling by =", "a(r, ID) :: null <- A = f(x, x) and B = f(A, A) and C = f(B, B) and D = f(C, C) and E = f(D, D) and F = f(E, E) and G = f(F, F) and H = f(G, G) and I = f(H, H) and J = f(I, I) and K = f(J, J) and L = f(K, K) and M = f(L, L) and N = f(M, M) and O = f(N, N) and P = f(O, O) and Q = f(P, P) then m(Q) => a(r, \"x\")", "r", "steps"},
	} {
		t.Run(test.name, func(t *testing.T) {
			role, err := ParseTerm(test.start)
			if err != nil {
				t.Fatal(err)
			}
			var e *Engine
			var reason Reason
			var ok bool
			spent(t, func() {
				e = newEngine(t, compileText(t, test.text), "p")
				reason, ok = ends(step(t, e, Start{Role: role}))
			})
			if !ok || reason.Code != ReasonLimit || !strings.Contains(reason.Detail, test.want) {
				t.Errorf("got %v, want a limit that names %s", reason, test.want)
			}
			if len(e.agents.byID) != 0 || len(e.conversations) != 0 || len(e.alarms) != 0 {
				t.Errorf("got agents %v, conversations %v, alarms %v left behind", e.agents.byID, e.conversations, e.alarms)
			}
			for name, agents := range e.waiting {
				if len(agents) > 0 {
					t.Errorf("got %v waiting for %s, want nobody", agents, name)
				}
			}
		})
	}
}

// TestCellsAreHeldOverEvents: memory that grows from event to event counts too.
func TestCellsAreHeldOverEvents(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r, ID) :: msg(X) <= a(s, S) then a(r, ID) then out(X) => a(s, S)"), "p")
	step(t, e, Start{Role: Atom("r")})
	var items []Term
	for range 300 {
		items = append(items, Int(1))
	}
	for n := uint64(1); n <= nestingMax; n++ {
		effects := step(t, e, Received{Message{
			ID: MessageID{"q", 1, n}, Conversation: "c", Body: NewTerm("msg", List(items...)),
			From: Party{Peer: "q", Agent: 1, Role: Atom("s")}, To: Party{Peer: "p", Role: Atom("r")},
		}})
		if reason, ok := ends(effects); ok {
			if reason.Code != ReasonLimit || !strings.Contains(reason.Detail, "cells held") || n < 100 {
				t.Errorf("got %v after %d messages, want the limit of cells held after hundreds", reason, n)
			}
			return
		}
	}
	t.Errorf("got an agent that holds %d lists of 300, want it ended", nestingMax)
}

// TestGarbageIsNotHeld: garbage does not end an agent that keeps nothing.
func TestGarbageIsNotHeld(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r, ID) :: msg(X) <= a(s, S) then a(r, ID)"), "p")
	step(t, e, Start{Role: Atom("r")})
	for n := uint64(1); n <= 50_000; n++ {
		effects := step(t, e, Received{Message{
			ID: MessageID{"q", 1, n}, Conversation: "c", Body: NewTerm("msg", List(Int(1), Int(2))),
			From: Party{Peer: "q", Agent: 1, Role: Atom("s")}, To: Party{Peer: "p", Role: Atom("r")},
		}})
		if reason, ok := ends(effects); ok {
			t.Fatalf("got %v after %d messages, want it to go on", reason, n)
		}
	}
}

// TestLargeMessagesDoNoHarm: messages that another peer made large on purpose do not
// end an agent.
func TestLargeMessagesDoNoHarm(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r, ID) :: msg(X, 1) <= a(s, S) then done => a(s, S)"), "p")
	step(t, e, Start{Role: Atom("r")})
	var items []Term
	for range 2000 {
		items = append(items, Int(7))
	}
	for n := uint64(1); n <= 64; n++ {
		step(t, e, Received{Message{
			ID: MessageID{"q", 1, n}, Conversation: "c", Body: NewTerm("msg", List(items...), Int(2)),
			From: Party{Peer: "q", Agent: 1, Role: Atom("s")}, To: Party{Peer: "p", Role: Atom("r")},
		}})
	}
	if len(e.agents.byID) != 1 {
		t.Errorf("got %d agents, want the one that waits", len(e.agents.byID))
	}
}

// TestMalformedMessages: a message that is not ground, or too deep, never reaches an
// agent.
func TestMalformedMessages(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r, ID) :: msg(X) <= a(s, S)"), "p")
	step(t, e, Start{Role: Atom("r")})
	var deep Term = Atom("x")
	for range 100 {
		deep = NewTerm("f", deep)
	}
	for name, test := range map[string]struct {
		body Term
		want ReasonCode
	}{
		"unbound": {NewTerm("msg", &Var{Name: "X"}), ReasonUnbound},
		"deep":    {NewTerm("msg", deep), ReasonTooLarge},
		"string":  {NewTerm("msg", String(strings.Repeat("x", 5000))), ReasonTooLarge},
		"number":  {Int(1), ReasonType},
		"nothing": {nil, ReasonType},
		"bare":    {&Compound{Functor: "msg"}, ReasonUnbound},
		"hole":    {&Compound{Functor: "msg", Args: []Term{nil}}, ReasonUnbound},
	} {
		effects := step(t, e, Received{Message{
			ID: MessageID{"q", 1, 1}, Conversation: "c", Body: test.body,
			From: Party{Peer: "q", Agent: 1, Role: Atom("s")}, To: Party{Peer: "p", Role: Atom("r")},
		}})
		if len(effects) != 1 || effects[0].(Bounce).Reason.Code != test.want {
			t.Errorf("%s: got %v, want a bounce: %s", name, effects, test.want)
		}
	}
}

// TestUnboundRoleOfSender: the sender's role may have an argument that it does not know
// yet. The receiver does not bind it in the message, which other code may share.
func TestUnboundRoleOfSender(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r, ID) :: msg <= a(s(N), S) then got(N) => a(s, S) <- N = 3"), "p")
	step(t, e, Start{Role: Atom("r")})
	role := NewTerm("s", &Var{Name: "N"})
	effects := step(t, e, Received{Message{
		ID: MessageID{"q", 1, 1}, Conversation: "c", Body: Atom("msg"),
		From: Party{Peer: "q", Agent: 1, Role: role}, To: Party{Peer: "p", Role: Atom("r")},
	}})
	if reason, ok := ends(effects); !ok || reason.Code != ReasonDone {
		t.Errorf("got %v, want the agent done", effects)
	}
	if got := role.String(); got != "s(N)" {
		t.Errorf("got %s in the message, want s(N)", got)
	}
}

// TestHugeClaims: bytes that claim a larger size than they have are rejected.
func TestHugeClaims(t *testing.T) {
	for name, data := range map[string][]byte{
		"array of 4 G":  {0x9a, 0xff, 0xff, 0xff, 0xff},
		"string of 4 G": {0x82, 0x02, 0x7a, 0xff, 0xff, 0xff, 0xff},
		"nested":        bytes.Repeat([]byte{0x83, 0x04, 0x61, 'f'}, 200),
		"nested lists":  bytes.Repeat([]byte{0x81}, 10_000),
		"endless":       {0x9f},
		"empty":         {},
	} {
		if term, err := UnmarshalTerm(data, Limits{}); err == nil {
			t.Errorf("%s: got %s, want an error", name, term)
		}
	}
}
