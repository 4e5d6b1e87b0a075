package lcc

import (
	"strings"
	"testing"

	"parley/lcc/vocabulary"
)

// facts is a world that knows facts; nobody plays anything but two peers the role s.
type facts []Term

func (f facts) Ask(goal Term) (Answer, bool) {
	name, asked, _ := Name(goal)
	answer := Answer{Truth: False}
	for _, fact := range f {
		other, args, _ := Name(fact)
		if other == name && len(args) == len(asked) { // the solver unifies
			answer.Truth, answer.Solutions = True, append(answer.Solutions, args)
		}
	}
	return answer, true
}

func (facts) Players(_ Digest, role Term) ([]Player, Truth) {
	if name, _, _ := Name(role); name != "s" {
		return nil, True
	}
	return []Player{{Peer: "q", Role: Atom("s")}, {Peer: "r", Role: Atom("s")}}, True
}

// TestWhyItWaits: of each event the part of its constraint that does not hold is named, with
// its values, what comes nearest, and what wakes the agent; and looking changes nothing.
func TestWhyItWaits(t *testing.T) {
	const declared = "r(s, necessary, 3). r(x, initial). a(s, S) :: null <- true\nlow(1). low(2).\n" +
		"dear(X) :- price(X, P), P > 5. dear(X) :- rare(X). posh(X) :- dear(X). deep(X) :- posh(X). deeper(X) :- deep(X). again(X) :- again(X).\n"
	for event, want := range map[string]string{
		"null <- price(lamp, P) and P > 5":                                            "4 > 5 does not hold",
		"null <- price(sofa, P) and P > 5":                                            "price(sofa, P) does not hold: nearest is price(lamp, 4); a change of price wakes the agent",
		"null <- price(lamp, 3)":                                                      "price(lamp, 3) does not hold: nearest is price(lamp, 4); a change of price wakes the agent",
		"null <- prise(lamp, P)":                                                      "prise(lamp, P) does not hold: nothing is known of prise/2; a change of prise wakes the agent",
		"null <- not price(lamp, 4)":                                                  "not price(lamp, 4) does not hold",
		"null <- price(X, P) and low(P)":                                              "low(4) does not hold: nearest is low(1)",
		"null <- price(X, 4) and (X = sofa; X = bed)":                                 "(lamp = sofa; lamp = bed) does not hold",
		"null <- findall(X, (price(X, P) and P > 5), L) and length(L, N) and N > 0":   "there is no X: 4 > 5 does not hold",
		"null <- price(X, _) and dear(X)":                                             "dear(lamp) does not hold: 4 > 5 does not hold",
		"null <- findall(X, (price(X, P) and P > 5), L) and price(lamp, Q) and Q > 7": "4 > 7 does not hold",
		"null <- dear(sofa)":                                                          "dear(sofa) does not hold: price(sofa, P) does not hold: nearest is price(lamp, 4); a change of price wakes the agent",
		"null <- deeper(lamp)":                                                        "deeper(lamp) does not hold: deep(lamp) does not hold: posh(lamp) does not hold: dear(lamp) does not hold",
		"go => a(none, _) <- price(X, P)":                                             "no partner is known: nobody plays none; who does wakes the agent",
		"go => a(s, _)":                                                               "too few partners are known: 2 of s, at least 3 by its declaration",
		"go => a(s, _) <- price(X, 9)":                                                "price(X, 9) does not hold: nearest is price(lamp, 4); a change of price wakes the agent",
		"a(s, X) <- price(lamp, 5)":                                                   "price(lamp, 5) does not hold: nearest is price(lamp, 4); a change of price wakes the agent",
	} {
		text := declared + "a(none, X) :: go <= a(x, _)\na(x, X) :: " + strings.ReplaceAll(event, "a(s, X)", "a(s, Me)")
		text = strings.ReplaceAll(strings.ReplaceAll(text, "a(x, X)", "a(x, Me)"), "a(none, X)", "a(none, Me)")
		model, found := Compile("text", []byte(text), nil)
		if model == nil {
			t.Fatal(event, found)
		}
		e, err := New(model, Options{Self: "p", World: facts{NewTerm("price", Atom("lamp"), Int(4))}})
		if err != nil {
			t.Fatal(err)
		}
		stepAt(t, e, 0, Start{Role: Atom("x")})
		for range 2 { // a look leaves nothing bound
			views := e.Agents()
			if len(views) != 1 || len(views[0].Waits) != 1 {
				t.Fatalf("%s: got %+v, want one event that waits", event, views)
			}
			if got := views[0].Waits[0]; got.Why != want || got.With != `Me = "p"` {
				t.Errorf("%s: got %s, want %s", event, got, want)
			}
		}
	}
}

// Of a question that the host answers with no, it is not said that nothing is known.
func TestWhyTheHostSaysNo(t *testing.T) {
	level := vocabulary.Param{Name: "Level", Mode: vocabulary.In}
	host := &vocabulary.Set{Predicates: []vocabulary.Signature{{Name: "busy", Params: []vocabulary.Param{level}}}}
	text := "r(x, initial).\na(x, X) :: null <- hot\nhot :- busy(0.8)."
	model, found := Compile("text", []byte(text), host)
	if model == nil {
		t.Fatal(found)
	}
	e, err := New(model, Options{Self: "p", World: facts{}})
	if err != nil {
		t.Fatal(err)
	}
	stepAt(t, e, 0, Start{Role: Atom("x")})
	want := "hot does not hold: busy(0.8) does not hold; a change of busy wakes the agent"
	if got := e.Agents()[0].Waits[0].Why; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestWhatItLacks: the comparison that does not hold is told as the text has it and with its
// values, with the levels that it uses and what the text says of them.
func TestWhatItLacks(t *testing.T) {
	const text = "r(x, initial).\nhigh(9). % above it a host gives\na(x, Me) :: null <- hot(L)\nhot(P) :- price(lamp, P), high(H), P > H.\n"
	model, found := Compile("text", []byte(text), nil)
	if model == nil {
		t.Fatal(found)
	}
	e, err := New(model, Options{Self: "p", World: facts{NewTerm("price", Atom("lamp"), Int(4))}})
	if err != nil {
		t.Fatal(err)
	}
	stepAt(t, e, 0, Start{Role: Atom("x")})
	waits := e.Agents()[0].Waits[0]
	if waits.For != ForConstraint || len(waits.Lacks) != 2 {
		t.Fatalf("got %+v, want a constraint that lacks a comparison, with a fact", waits)
	}
	if got := waits.Lacks[0]; got.Kind != GroundLacks || got.Text != "P > H" || got.Values != "4 > 9" {
		t.Errorf("got %+v, want P > H, 4 > 9", got)
	}
	if got := waits.Lacks[1]; got.Kind != GroundFact || got.Term.String() != "high(9)" || got.Text != "above it a host gives" {
		t.Errorf("got %+v, want high(9) with its comment", got)
	}
}
