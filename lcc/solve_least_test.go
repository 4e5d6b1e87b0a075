package lcc

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLeastPlayer gives the same players to a model that asks for the least one and to
// models that look through all. They say the same, with tables and without, whether the
// arguments are open, bound or twice the same.
func TestLeastPlayer(t *testing.T) {
	const roles = `
		r(watch, initial).
		a(watch, ID) ::
			( told(X, P) => a(log, log) <- lowest(X, P) and not known(told(X, P)) and forget and k(told(X, P)) then a(watch, ID) )
			or ( duo(X, P) => a(log, log) <- second(X, P) and not known(duo(X, P)) and k(duo(X, P)) then a(watch, ID) )
			or ( twin(X, P) => a(log, log) <- twin(X, P) and not known(twin(X, P)) and k(twin(X, P)) then a(watch, ID) )
		forget :- retract(told(_, _)).
		forget :- not known(told(_, _)).
		lowest(X, P) :- findall(Y - Q, low(Y, Q), [X - P|_]).
`
	const built = roles + `
		low(X, P) :- leastPlayer(sink(X), P).
		second(X, P) :- leastPlayer(duo(2, X), P).
		twin(X, P) :- leastPlayer(duo(X, X), P).
`
	const byHand = roles + `
		low(X, P) :- findall(Y, player(sink(Y), _), Ys), min_list(Ys, X), findall(Q, player(sink(X), Q), [P|_]).
		second(X, P) :- findall(Y, player(duo(2, Y), _), Ys), min_list(Ys, X), findall(Q, player(duo(2, X), Q), [P|_]).
		twin(X, P) :- findall(Y, player(duo(Y, Y), _), Ys), min_list(Ys, X), findall(Q, player(duo(X, X), Q), [P|_]).
`
	tabled, bare := compileText(t, built), *compileText(t, built)
	bare.tabling.predicates = 0
	models := []*Model{tabled, &bare, compileText(t, byHand)}
	rapid.Check(t, func(t *rapid.T) {
		world := &tableWorld{}
		var engines []*Engine
		for _, m := range models {
			e, err := New(m, Options{Self: "p", World: world})
			if err != nil {
				t.Fatal(err)
			}
			engines = append(engines, e)
		}
		number := rapid.Int64Range(0, 3)
		for round := range rapid.IntRange(1, 12).Draw(t, "changes") {
			world.players = nil
			for i := range rapid.IntRange(0, 6).Draw(t, "players") {
				role := NewTerm("sink", Int(number.Draw(t, "load")))
				if rapid.Bool().Draw(t, "duo") {
					role = NewTerm("duo", Int(number.Draw(t, "first")), Int(number.Draw(t, "second")))
				}
				world.players = append(world.players, Player{Peer: PeerID(fmt.Sprint("q", i)), Role: role})
			}
			world.players = rapid.Permutation(world.players).Draw(t, "order")
			said := make([]string, len(engines))
			for i, e := range engines {
				var ev Event = Changed{Names: []string{"player"}}
				if round == 0 {
					ev = Start{Role: Atom("watch")}
				}
				effects, err := e.Step(0, ev)
				if err != nil {
					t.Fatal(err)
				}
				for _, effect := range effects {
					if s, is := effect.(Send); is {
						said[i] += s.Message.Body.String() + "\n"
					}
				}
			}
			if said[0] != said[2] || said[1] != said[2] {
				t.Fatalf("got\n%s, and without tables\n%s, want what looking through all players says\n%s", said[0], said[1], said[2])
			}
		}
	})
}

// A role that is not bound cannot be looked for.
func TestLeastPlayerOfNoRole(t *testing.T) {
	e, err := New(compileText(t, "r(x, initial).\na(x, ID) :: null <- leastPlayer(R, P)"), Options{Self: "p", World: EmptyWorld{}})
	if err != nil {
		t.Fatal(err)
	}
	effects, err := e.Step(0, Start{Role: Atom("x")})
	if text := fmt.Sprint(effects); err != nil || !strings.Contains(text, "leastPlayer: the role must be bound") {
		t.Errorf("got %v, %v, want the reason", text, err)
	}
}
