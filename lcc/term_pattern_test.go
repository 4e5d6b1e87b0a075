package lcc

import (
	"fmt"
	"testing"
)

func TestPatternMatch(t *testing.T) {
	tests := []struct {
		pattern, term string
		bound         Bindings
		want          string // of the bindings; "" when there is no match
	}{
		{"price(X, P)", "price(lamp, 5)", Bindings{}, "map[P:5 X:lamp]"},
		{"price(X, P)", "price(lamp, 5)", Bindings{"X": Atom("lamp")}, "map[P:5 X:lamp]"},
		{"price(X, P)", "price(lamp, 5)", Bindings{"X": Atom("sofa")}, ""},
		{"pair(X, X)", "pair(1, 1)", Bindings{}, "map[X:1]"},
		{"pair(X, X)", "pair(1, 2)", Bindings{}, ""},
		{"pair(_, _)", "pair(1, 2)", Bindings{}, "map[]"},
		{"X", "f(1)", Bindings{}, "map[X:f(1)]"},
		{"[A|B]", "[1, 2]", Bindings{}, "map[A:1 B:[2]]"},
		{"-1", "-1", Bindings{}, "map[]"},
		{"lamp", `"lamp"`, Bindings{}, "map[]"},
		{"lamp", `"lamb"`, Bindings{}, ""},
	}
	for _, test := range tests {
		p, err := ParsePattern(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		term, err := ParseTerm(test.term)
		if err != nil {
			t.Fatal(err)
		}
		before := fmt.Sprint(test.bound)
		got := ""
		if p.Match(term, test.bound) {
			got = fmt.Sprint(test.bound)
		} else if after := fmt.Sprint(test.bound); after != before {
			t.Errorf("%s does not match %s and left %s, had %s", test.pattern, test.term, after, before)
		}
		if got != test.want {
			t.Errorf("%s with %s: got %q, want %q", test.pattern, test.term, got, test.want)
		}
	}
}

func TestPatternSolve(t *testing.T) {
	out := &Var{Name: "D"}
	goal := NewTerm("reserve", String("vm1"), Int(2), out)
	tests := []struct{ pattern, want string }{
		{"reserve(G, N, deal(1))", `[vm1 2 deal(1)]`},
		{"reserve(G, N, deal(G, N))", `[vm1 2 deal("vm1", 2)]`},
		{"reserve(_, _, _)", ""}, // the deal is not given
		{"reserve(\"vm2\", _, deal(1))", ""},
		{"release(_, _, deal(1))", ""},
		{"reserve(_, deal(1))", ""},
	}
	for _, test := range tests {
		p, err := ParsePattern(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if args, ok := p.Solve(goal); ok {
			got = "["
			for i, arg := range args {
				if i > 0 {
					got += " "
				}
				text := arg.String()
				if s, ok := arg.(String); ok {
					text = string(s)
				}
				got += text
			}
			got += "]"
		}
		if got != test.want {
			t.Errorf("%s answers %s: got %q, want %q", test.pattern, goal, got, test.want)
		}
	}
	if out.bound != nil {
		t.Error("the goal was changed")
	}
}

func TestParsePatternErrors(t *testing.T) {
	for _, text := range []string{"", "f(", "a, b", "f(X)."} {
		if p, err := ParsePattern(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, p)
		}
	}
}
