package lcc

import (
	"strings"
	"testing"

	"parley/lcc/check"
)

const queryModel = `r(x, initial).
a(x, I) :: null <- hot(G).
load(vm1, 0.9). load(vm2, 0.3).
hot(G) :- load(G, L) and L > 0.5.
nat(0).
nat(N) :- nat(M) and N is M + 1.
loop(X) :- loop(X).
`

// answersOf writes the answers of a query as one line.
func answersOf(t *testing.T, goal string, w World, most int) string {
	t.Helper()
	m, found := Compile("q.lcc", []byte(queryModel), nil)
	if m == nil {
		t.Fatal(found)
	}
	q, faults := NewQuery(goal, m, nil)
	if q == nil {
		return check.Diagnostic{Pos: faults[0].Pos, Message: faults[0].Message}.String()
	}
	got := q.Ask("ann", w, nil, most)
	var parts []string
	for _, s := range got.Solutions {
		var values []string
		for _, g := range s {
			values = append(values, g.Variable+"="+g.Value.String())
		}
		parts = append(parts, strings.Join(values, ","))
	}
	line := strings.Join(parts, " ")
	if got.More {
		line += " more"
	}
	return strings.TrimSpace(line + " " + got.Why + " " + string(got.Fault.Code))
}

func TestQuery(t *testing.T) {
	for goal, want := range map[string]string{
		"hot(G)":                      "G=vm1",
		"load(G, L)":                  "G=vm1,L=0.9 G=vm2,L=0.3",
		"load(G, _) and not hot(G).":  "G=vm2",
		"(load(G, 0.3) or hot(G))":    "G=vm2 G=vm1",
		"nat(N) and N > 1":            "N=2 N=3 N=4 more",
		"findall(G, load(G, _), All)": "All=[vm1, vm2]",
		"hot(vm1)":                    "",
		"load(vm1, L) and L > 1":      "0.9 > 1 does not hold",
		"load(vm3, L)":                "load(vm3, L) does not hold: nearest is load(vm1, 0.9)",
		"price(G, P)":                 "price(G, P) does not hold: nothing is known of price/2",
		"loop(1)":                     "loop(1): limit: more than 100000 steps in one event: does a rule or a role call itself for ever? limit",
		"X > 2":                       "X > 2: type: >: variable X is not bound type",
		"load(G":                      `query:1:5: error : "(" is never closed`,
		"load(G, L). hot(G)":          "query:1:1: error : one constraint is needed",
		"X is 2 +":                    `query:1:8: error : the text breaks off after "+": expected a term, a constraint or an event`,
		"a(x, I) :: null":             "query:1:1: error : one constraint is needed",
	} {
		if got := answersOf(t, goal, EmptyWorld{}, 3); got != want {
			t.Errorf("%s: got %q, want %q", goal, got, want)
		}
	}
}

// Rules answer from other facts; a fault of a rule is said, and nothing holds.
func TestRules(t *testing.T) {
	const text = `hot(G) :- load(G, L)
    and L > 0.5.
open(_) :- true.
loop(X) :- loop(X).
load(vm3, 1).
`
	known, rules, faults := ParseFacts("ann.facts", []byte(text))
	if len(faults) > 0 || len(known) != 1 || rules == nil {
		t.Fatal(known, rules, faults)
	}
	w := facts{NewTerm("load", Atom("vm1"), Float(0.9)), NewTerm("load", Atom("vm2"), Float(0.3))}
	for goal, want := range map[string]string{
		"hot(X)":   "vm1",
		"hot(vm2)": "",
		"open(X)":  "its rules fail: unbound: a rule of open/1 leaves argument 1 without a value",
		"loop(1)":  "its rules fail: limit: more than 100000 steps in one event: does a rule or a role call itself for ever?",
	} {
		term, err := ParseTerm(strings.ReplaceAll(goal, "X", "x"))
		if err != nil {
			t.Fatal(err)
		}
		if name, _, _ := Name(term); strings.Contains(goal, "X") {
			term = NewTerm(name, &Var{Name: "X"})
		}
		answer := rules.Ask(term, w, nil)
		got := answer.Detail
		for _, tuple := range answer.Solutions {
			got += tuple[0].String()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", goal, got, want)
		}
	}
}
