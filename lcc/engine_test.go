package lcc

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// tick returns a message for the agent of a role r.
func tick(n uint64) Received {
	return Received{Message{
		ID: MessageID{"q", 1, n}, Conversation: "c", Body: Atom("tick"),
		From: Party{Peer: "q", Agent: 1, Role: Atom("s")}, To: Party{Peer: "p", Role: Atom("r")},
	}}
}

// TestMillionChangesOfRole stands for a host that runs the same model for years: a
// million changes of role, with timeouts, conversations and memory, leave no garbage
// behind.
func TestMillionChangesOfRole(t *testing.T) {
	e := newEngine(t, compileText(t, `
		a(r, ID) ::
			( tick <= a(s, S) then a(x(1), ID) <- ( retract(n(M)) or not known(n(M)) ) )
			or ( null <- timeout(1000) then a(r, ID) )
			or ( null <- failed(S) and player(other, P) then a(r, ID) )
		a(x(N), ID) :: k(n(N)) then ok => a(s, "q") then a(r, ID)`), "p")
	step(t, e, Start{Role: Atom("r")})
	run := func(from, to uint64) {
		for n := from; n < to; n++ {
			e.around.now += 1000
			effects := step(t, e, tick(n))
			if len(effects) != 3 { // Deliver, Send, Alarm
				t.Fatalf("got %v, want the message taken and answered", effects)
			}
		}
	}
	live := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	run(1, 1000)
	before := live()
	run(1000, 501_000) // two changes of role each
	if after := live(); after > before+64<<10 {
		t.Errorf("got %d bytes after a million changes of role, want about the %d of before", after, before)
	}
	runtime.KeepAlive(e)
}

// TestIdleAgentsAreSmall measures the memory of waiting agents, of which a host or the
// simulator has many.
func TestIdleAgentsAreSmall(t *testing.T) {
	const agents = 10_000
	e := newEngine(t, compileText(t, `
		a(idle, ID) ::
			( null <- overloaded(N) then a(idle, ID) )
			or ( ask(G) <= a(other, S) then yes => a(other, S) )
			or ( null <- timeout(60) then a(idle, ID) )`), "p")
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range agents {
		step(t, e, Start{Role: Atom("idle")})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := (after.HeapAlloc - before.HeapAlloc) / agents; each > 2000 {
		t.Errorf("got %d bytes for each idle agent, want at most 2000", each)
	} else {
		t.Logf("%d bytes for each idle agent", each)
	}
	runtime.KeepAlive(e)
}

// TestWrongDriver: a mistake that only a driver can make is an error and changes
// nothing.
func TestWrongDriver(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r, ID) :: tick <= a(s, S)"), "p")
	step(t, e, Start{Role: Atom("r")})
	if _, err := e.Step(10, Woken{}); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() ([]Effect, error){
		"a clock that goes back": func() ([]Effect, error) { return e.Step(9, Woken{}) },
		"an unknown request":     func() ([]Effect, error) { return e.Step(10, Solved{Request: 7}) },
		"no event":               func() ([]Effect, error) { return e.Step(10, nil) },
	} {
		if effects, err := try(); err == nil || len(effects) > 0 {
			t.Errorf("%s: got %v, %v, want an error", name, effects, err)
		}
	}
	if effects := step(t, e, tick(1)); len(effects) != 3 {
		t.Errorf("got %v, want the agent to go on", effects)
	}
	for name, o := range map[string]Options{
		"no self":        {World: EmptyWorld{}},
		"no world":       {Self: "p"},
		"negative limit": {Self: "p", World: EmptyWorld{}, Limits: Limits{TermDepth: -1}},
	} {
		if _, err := New(e.model, o); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if _, err := New(nil, Options{Self: "p", World: EmptyWorld{}}); err == nil {
		t.Errorf("no model: got no error")
	}
}

// TestWrongStarts: a start that is impossible gives a Finish, not an error.
func TestWrongStarts(t *testing.T) {
	e := newEngine(t, compileText(t, "a(r(X, Y), ID) :: null <- Y = 1 and p(X) a(one(1), ID) :: null"), "p")
	for name, test := range map[string]struct {
		event Event
		want  ReasonCode
	}{
		"unknown role":         {Start{Role: Atom("q")}, ReasonNoRole},
		"unbound role":         {Start{Role: NewTerm("r", &Var{Name: "X"}, Int(1))}, ReasonUnbound},
		"no role":              {Start{}, ReasonUnbound},
		"argument":             {Start{Role: NewTerm("one", Int(2))}, ReasonFailed},
		"unknown variable":     {Start{Role: NewTerm("r", Int(1), Int(1)), Given: []Given{{"Z", Int(1)}}}, ReasonUnbound},
		"variable with value":  {Start{Role: NewTerm("r", Int(1), Int(1)), Given: []Given{{"X", Int(2)}}}, ReasonFailed},
		"unbound value":        {Start{Role: NewTerm("r", Int(1), Int(1)), Given: []Given{{"X", &Var{}}}}, ReasonUnbound},
		"role of subscription": {Subscribe{Role: "r"}, ReasonNoRole},
	} {
		if reason, ok := ends(step(t, e, test.event)); !ok || reason.Code != test.want {
			t.Errorf("%s: got %v, want %s", name, reason, test.want)
		}
	}
	if len(e.agents.byID) > 0 {
		t.Errorf("got %d agents left behind", len(e.agents.byID))
	}
}

// TestDeterminism: the same model, events and instants give the same effects, with and
// without records.
func TestDeterminism(t *testing.T) {
	text := `
		a(r(N), ID) :: ( hear(N) => a(r(M), _) or hear(X) <= a(r(Y), S) or null <- timeout(1) ) then
			( a(r(K), ID) <- K is N mod 5 + 1 par null <- k(seen(N)) )`
	run := func(records bool) string {
		model := compileText(t, text)
		var trace strings.Builder
		w := &storyWorld{peers: map[PeerID]*storyPeer{}, model: model}
		for _, id := range []PeerID{"a", "b", "c", "d"} {
			if err := w.newPeer(id, records); err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range w.order {
			w.step(p, Start{Role: NewTerm("r", Int(i))})
		}
		for range 50 {
			w.deliver(7)
			w.advance(400e6)
		}
		for _, line := range strings.Split(w.out.String(), "\n") {
			if !strings.Contains(line, ": | ") {
				fmt.Fprintln(&trace, line)
			}
		}
		return trace.String()
	}
	first := run(false)
	if len(first) < 10_000 {
		t.Fatalf("got a trace of %d bytes, want a long one:\n%s", len(first), first)
	}
	for range 3 {
		if run(false) != first {
			t.Fatalf("got another trace of the same run")
		}
	}
	if run(true) != first {
		t.Errorf("got another trace with records")
	}
}

// TestModelIsShared uses one model in engines of many goroutines.
func TestModelIsShared(t *testing.T) {
	model := compileText(t, "a(r, ID) :: tick <= a(s, S) then ok(1, [a, S]) => a(s, S) then a(r, ID)")
	done := make(chan int)
	for range 4 {
		go func() {
			e, err := New(model, Options{Self: "p", World: EmptyWorld{}})
			sent := 0
			if err == nil {
				_, _ = e.Step(0, Start{Role: Atom("r")})
				for n := range uint64(500) {
					effects, _ := e.Step(0, tick(n+1))
					sent += len(effects)
				}
			}
			done <- sent
		}()
	}
	for range 4 {
		if got := <-done; got != 1000 {
			t.Errorf("got %d effects, want 1000", got)
		}
	}
}
