package lcc

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/lcc/vocabulary"
)

const viewText = `
a(r(X), I) :: ask(X) => a(s, S) then ( yes(Y) <= a(s, S) or null <- failed(S) or null <- timeout(5) ) then
  null <- k(seen(X)) then ( a(r(1), I) <- more or null <- act(X, Z) )
a(s, S) :: null <- p par q => a(r(_), _)
a(spin, I) :: a(spin, I)`

func viewEngine(t *testing.T) (*Engine, *shopPlayers) {
	vocabulary := &vocabulary.Set{Predicates: []vocabulary.Signature{{Name: "act", Acts: true,
		Params: []vocabulary.Param{{Mode: vocabulary.In}, {Mode: vocabulary.Out}}}}}
	model, found := Compile("view", []byte(viewText), vocabulary)
	if model == nil {
		t.Fatal(found)
	}
	world := &shopPlayers{}
	e, err := New(model, Options{Self: "p", World: world})
	if err != nil {
		t.Fatal(err)
	}
	return e, world
}

// shopPlayers is a world that answers only with players.
type shopPlayers struct{ players []Player }

func (*shopPlayers) Ask(Term) (Answer, bool)                  { return Answer{}, false }
func (w *shopPlayers) Players(Digest, Term) ([]Player, Truth) { return w.players, True }
func stepAt(t *testing.T, e *Engine, at Instant, ev Event) []Effect {
	t.Helper()
	effects, err := e.Step(at, ev)
	if err != nil {
		t.Fatal(err)
	}
	return effects
}

func whys(e *Engine) string {
	var b strings.Builder
	for _, v := range e.Agents() {
		fmt.Fprintf(&b, "%d %v %v %v\n", v.Agent, v.Roles, v.Memory, v.Mail)
		for _, w := range v.Waits {
			fmt.Fprintf(&b, "  %d: %s [%s] %s\n", w.Pos.Line, w.Text, w.With, w.Why)
		}
	}
	return b.String()
}

func TestAgents(t *testing.T) {
	e, world := viewEngine(t)
	stepAt(t, e, 0, Start{Role: NewTerm("r", Atom("lamp"))})
	expect := func(want string) {
		t.Helper()
		if got := whys(e); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
	expect("1 [r(lamp)] [] []\n  2: ask(X) => a(s, S) [X = lamp, I = \"p\"] no partner is known: nobody plays s; who does wakes the agent\n")
	world.players = []Player{{Peer: "q", Role: Atom("s")}}
	stepAt(t, e, 0, Changed{Names: []string{"player"}})
	second := Instant(time.Second)
	message := Message{ID: MessageID{"q", 7, 1}, From: Party{"q", 7, Atom("s")}, To: Party{"p", 1, NewTerm("r", Atom("lamp"))},
		Body: Atom("no")}
	stepAt(t, e, 2*second, Received{message})
	expect("1 [r(lamp)] [] [no from a(s, q)]\n" +
		"  2: yes(Y) <= a(s, S) [X = lamp, I = \"p\", S = \"q\"] none of the messages that wait fits; nearest is no from a(s, q): " +
		"another message is awaited\n" +
		"  2: null <- failed(S) [X = lamp, I = \"p\", S = \"q\"] nothing has failed\n" +
		"  2: null <- timeout(5) [X = lamp, I = \"p\", S = \"q\"] waits for time: the next timeout is in 3s\n")
	stepAt(t, e, 5*second, Woken{})
	expect("1 [r(lamp)] [seen(lamp)] [no from a(s, q)]\n  3: null <- act(X, Z) [X = lamp, I = \"p\", S = \"q\"] the action act(lamp, Z) is " +
		"in progress\n")
	stepAt(t, e, 5*second, Stop{})
	world.players = nil
	stepAt(t, e, 5*second, Start{Role: Atom("s")})
	expect("2 [s s] [] []\n  4: null <- p [S = \"p\"] p does not hold: nothing is known of p/0; a change of p wakes the agent\n" +
		"  4: q => a(r(_), _) [S = \"p\"] no partner is known: nobody plays r(_); who does wakes the agent\n")
	stepAt(t, e, 5*second, Stop{})
	stepAt(t, e, 5*second, Start{Role: Atom("spin")})
	expect("3 [spin] [] []\n  5: a(spin, I) [I = \"p\"] it returned without having done anything: waits for a change\n")
}

// TestAgentsChangeNothing: calling Agents after every step does not change the run.
func TestAgentsChangeNothing(t *testing.T) {
	run := func(look bool) string {
		e, world := viewEngine(t)
		var b strings.Builder
		events := []Event{
			Start{Role: NewTerm("r", Atom("lamp"))}, Start{Role: Atom("s")}, Start{Role: Atom("spin")},
			Changed{Names: []string{"player"}}, Changed{}, Woken{},
			Undelivered{Message: MessageID{"p", 1, 1}, To: "q", Reason: Reason{Code: ReasonRefused}}, Changed{}, Stop{},
		}
		for i, ev := range events {
			if i == 3 {
				world.players = []Player{{Peer: "q", Role: Atom("s")}, {Peer: "q", Role: NewTerm("r", Int(1))}}
			}
			for _, effect := range stepAt(t, e, Instant(i)*Instant(time.Second), ev) {
				b.WriteString(describe(effect) + "\n")
			}
			if look {
				e.Agents()
			}
		}
		return b.String()
	}
	if a, b := run(true), run(false); a != b || a == "" {
		t.Errorf("got\n%s\nwith looks, and without\n%s", a, b)
	}
}
