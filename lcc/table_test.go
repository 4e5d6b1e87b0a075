package lcc

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// tableText has roles whose constraints call tabled predicates in all ways: in several
// branches, one within the other, under not, for the first solution and for all, with
// bound arguments, with answers that are not known yet, and with unbound solutions.
const tableText = `
	least(2).
	r(watch, initial).
	a(watch, ID) ::
		( null <- best(X, P) and not known(done(X, P)) and k(done(X, P)) then a(watch, ID) )
		or ( null <- not best(_, _) and known(done(_, _)) and forget then a(watch, ID) )
		or ( tell(N) <- hear(N) <= a(other, Q) <- N > 1 then ( answer(L) => a(other, Q) <- done(L) then a(watch, ID) ) )
		or ( some(Y) => a(sink(_), P) <- among(Y) and timeout(2) and player(sink(_), P) then a(watch, ID) )
		or ( null <- again(V) and not known(seen(V)) and k(seen(V)) then a(watch, ID) )
		or ( null <- among(Y) and Y > 3 and not known(big(Y)) and k(big(Y)) then a(watch, ID) )
		or ( null <- open(Y, Z) and sure(S) and not known(sum(S, Y)) and k(sum(S, Y)) then a(watch, ID) )
	tell(_) :- all(_).
	forget :- retract(done(_, _)).
	done(L) :- findall(X, known(done(X, _)), L).
	best(X, P) :- findall(Y - Q, worth(Y, Q), L), sort(L, S), last(S, X - P).
	worth(Y, Q) :- score(Y), leastPlayer(sink(W), _), least(M), Y > W - M, Y > M, Y > M, player(sink(Z), Q), Z < Y.
	all(L) :- findall(X, score(X), L).
	among(X) :- all(L), member(X, L).
	among(X) :- findall(Y, pair(a, Y), L), member(X, L).
	again(X) :- among(X), best(Y, _), X < Y.
	again(X) :- all(L), atMost(3, L, X).
	atMost(M, L, X) :- member(X, L), X =< M, findall(Y, pair(X, Y), _).
	open(X, _) :- all(L), length(L, X).
	sure(S) :- findall(X, later(X), L), length(L, S).`

// tableWorld answers as the test drew.
type tableWorld struct {
	answers map[string]Answer
	players []Player
}

func (w *tableWorld) Ask(goal Term) (Answer, bool) {
	name, args, _ := Name(goal)
	if name == "pair" {
		name = fmt.Sprintf("pair %s", args[0])
	}
	a, known := w.answers[name]
	return a, known
}

func (w *tableWorld) Players(Digest, Term) ([]Player, Truth) { return w.players, True }

// change draws other answers and returns the names of those that may differ.
func (w *tableWorld) change(t *rapid.T) (names []string) {
	number := rapid.Int64Range(0, 5)
	switch rapid.IntRange(0, 3).Draw(t, "change") {
	case 0:
		a := Answer{Truth: True}
		for _, n := range rapid.SliceOfN(number, 1, 4).Draw(t, "scores") {
			a.Solutions = append(a.Solutions, []Term{Int(n)})
		}
		if rapid.IntRange(0, 5).Draw(t, "known") == 0 {
			a = Answer{Truth: Later}
		}
		w.answers["score"] = a
		return []string{"score"}
	case 1:
		first := rapid.SampledFrom([]Term{Atom("a"), Int(1), Int(3)}).Draw(t, "first")
		w.answers[fmt.Sprintf("pair %s", first)] = Answer{Truth: True, Solutions: [][]Term{{first, Int(number.Draw(t, "pair"))}}}
		return []string{"pair"}
	case 2:
		w.answers["later"] = Answer{Truth: Truth(rapid.IntRange(0, 2).Draw(t, "truth"))}
		return []string{"later"}
	}
	w.players = nil
	for i, n := range rapid.SliceOfN(number, 0, 3).Draw(t, "players") {
		w.players = append(w.players, Player{Peer: PeerID(fmt.Sprint("q", i)), Role: NewTerm("sink", Int(n))})
	}
	return []string{"player"}
}

// cool empties the tables of all agents.
func cool(e *Engine) {
	for a := range e.agents.running {
		if a.table != nil {
			a.table.empty()
		}
	}
}

// TestTablesChangeNothing gives the same events to engines with tables, with tables that
// are emptied before each Step, and without tables. All have the same effects, and the
// first two charge the same: what a table holds shows nowhere but in the time it takes.
func TestTablesChangeNothing(t *testing.T) {
	model := compileText(t, tableText)
	if model.tabling.predicates < 7 {
		t.Fatalf("got %d tabled predicates, want all that collect", model.tabling.predicates)
	}
	bare := *model
	bare.tabling.predicates = 0
	derivedAgain := 0
	rapid.Check(t, func(t *rapid.T) {
		world := &tableWorld{answers: map[string]Answer{}}
		var engines []*Engine
		for _, m := range []*Model{model, model, &bare} {
			e, err := New(m, Options{Self: "p", World: world, Records: true})
			if err != nil {
				t.Fatal(err)
			}
			engines = append(engines, e)
		}
		now, seq := Instant(0), uint64(0)
		step := func(ev Event) {
			var of []string
			for i, e := range engines {
				if i == 1 {
					cool(e)
				}
				effects, err := e.Step(now, ev)
				if err != nil {
					t.Fatalf("got the error %v at %#v", err, ev)
				}
				var b strings.Builder
				for _, effect := range effects {
					b.WriteString(describe(effect) + "\n")
				}
				of = append(of, b.String())
			}
			if of[0] != of[2] || of[1] != of[2] {
				t.Fatalf("at %#v got with tables\n%swith cold ones\n%swithout\n%s", ev, of[0], of[1], of[2])
			}
			if engines[0].Spent() != engines[1].Spent() {
				t.Fatalf("at %#v got %d steps with tables, %d with cold ones", ev, engines[0].Spent(), engines[1].Spent())
			}
		}
		step(Start{Role: Atom("watch")})
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			switch rapid.IntRange(0, 6).Draw(t, "event") {
			case 0, 1, 2:
				step(Changed{Names: world.change(t)})
			case 3:
				seq++
				step(Received{Message{
					ID: MessageID{"q", 1, seq}, Conversation: "c", From: Party{"q", 1, Atom("other")}, To: Party{"p", 1, Atom("watch")},
					Body: NewTerm("hear", Int(rapid.Int64Range(0, 3).Draw(t, "heard"))),
				}})
			case 4:
				now += Instant(rapid.Int64Range(0, 3e9).Draw(t, "time"))
				step(Woken{})
			case 5:
				step(Suspected{Peer: "q0", Suspected: rapid.Bool().Draw(t, "suspected")})
			case 6:
				step(Changed{})
			}
		}
		for a := range engines[0].agents.running {
			derivedAgain += len(a.table.entries)
		}
	})
	if derivedAgain == 0 {
		t.Error("got no table in any run: the test shows nothing")
	}
}

// TestTableCutsOff shows the steps of a look that reads an answer again and comes to the
// same, beside one that comes to another.
func TestTableCutsOff(t *testing.T) {
	model := compileText(t, `
		a(r, ID) :: null <- worst(X) and X > 100 or null <- timeout(1000)
		worst(X) :- most(M), findall(Y, far(M, Y), L), max_list(L, X).
		far(M, Y) :- between(1, 200, N), Y is N * M mod 7.
		most(M) :- findall(X, score(X), L), max_list(L, M).`)
	world := &tableWorld{answers: map[string]Answer{}}
	e, err := New(model, Options{Self: "p", World: world})
	if err != nil {
		t.Fatal(err)
	}
	var a *agent
	look := func(scores ...int64) (entry *tableEntry) {
		answer := Answer{Truth: True}
		for _, n := range scores {
			answer.Solutions = append(answer.Solutions, []Term{Int(n)})
		}
		world.answers["score"] = answer
		if a == nil {
			step(t, e, Start{Role: Atom("r")})
			a = e.agents.byID[1]
		} else {
			step(t, e, Changed{Names: []string{"score"}})
		}
		for _, entries := range a.table.entries {
			for _, each := range entries {
				if each.call.key.name == "worst" {
					entry = each
				}
			}
		}
		return entry
	}
	first := look(1, 5, 2).found[0].stamp
	if got := look(5, 4).found[0].stamp; got != first {
		t.Errorf("the greatest score is the same: got stamp %d, want %d", got, first)
	}
	if look(5, 4).found[0].own == 0 {
		t.Error("got no steps of its own")
	}
	if e := look(6, 1); e.run == nil || e.look != a.table.look {
		t.Error("another greatest score: got no derivation in this look")
	}
	if e := look(1, 6); e.look == a.table.look {
		t.Error("the greatest score is the same: got a derivation in this look")
	}
}

// TestTableIsBounded lets an agent derive long lists for ever other arguments.
func TestTableIsBounded(t *testing.T) {
	model := compileText(t, `
		a(r, ID) :: null <- score(N) and long(N, L) and L = [] or null <- timeout(1000)
		long(N, L) :- findall(X - N, between(1, 1000, X), L).`)
	world := &tableWorld{answers: map[string]Answer{}}
	e, err := New(model, Options{Self: "p", World: world})
	if err != nil {
		t.Fatal(err)
	}
	emptied := false
	for n := range 60 {
		world.answers["score"] = Answer{Truth: True, Solutions: [][]Term{{Int(n)}}}
		if n == 0 {
			step(t, e, Start{Role: Atom("r")})
		} else {
			step(t, e, Changed{Names: []string{"score"}})
		}
		table, cells := e.agents.byID[1].table, 0
		for _, entries := range table.entries {
			for _, each := range entries {
				for _, in := range each.found {
					cells += weigh(in.tuple)
				}
			}
		}
		if cells > 2*tableMost {
			t.Fatalf("got %d cells in the table after %d looks, want at most twice %d", cells, n+1, tableMost)
		}
		emptied = emptied || n > 0 && table.weight < 10_000
	}
	if !emptied {
		t.Error("the table was never emptied: the test shows nothing")
	}
}
