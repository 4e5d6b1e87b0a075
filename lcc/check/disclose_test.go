package check_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/lcc/check"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
	"parley/models"
)

func exposed(t *testing.T, text string, host *vocabulary.Set) string {
	t.Helper()
	file, errs := syntax.Parse("text", []byte(text))
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	var b strings.Builder
	e := check.Disclose(file, host)
	for _, s := range e.Tells {
		fmt.Fprintf(&b, "%s => %s: %s carries %v because %v\n", s.Role, s.To, s.Message, s.Carries, s.Because)
	}
	for _, d := range e.Acts {
		fmt.Fprintf(&b, "%s does %s in line %d\n", d.Role, d.Action, d.Pos.Line)
	}
	return b.String()
}

func TestDisclosures(t *testing.T) {
	for text, want := range map[string]string{
		"a(x, X) :: m(L) => a(y, Y) <- load(L)":                                                                      "x => y: m(L) carries [load/1] because [load/1]\n",
		"a(x, X) :: m => a(y, Y) <- load(L) and L > 1":                                                               "x => y: m carries [] because [load/1]\n",
		"a(x, X) :: null <- load(L) then m(K) => a(y, Y) <- K is L * 2":                                              "x => y: m(K) carries [load/1] because []\n",
		"a(x, X) :: m(R) => a(y, Y) <- rule(R)\nrule(S) :- other(S).\nother(T) :- load(U), T = high(U).":             "x => y: m(R) carries [load/1] because [load/1]\n",
		"a(x, X) :: null <- load(L) and k(seen(L)) then a(z(1), X)\na(z(_), X) :: m(S) => a(y, Y) <- known(seen(S))": "z => y: m(S) carries [load/1] because []\n",
		"a(x, X) :: null <- load(L) then a(z(L), X)\na(z(N), X) :: m(N) => a(y, Y)":                                  "z => y: m(N) carries [load/1] because []\n",
		"a(z(N), X) :: (m(N) => a(y, Y) then null <- load(L) then a(z(L), X))":                                       "z => y: m(N) carries [load/1] because []\n",
		"a(x, X) :: m(Ls) => a(y, Y) <- findall(L, load(L), Ls)":                                                     "x => y: m(Ls) carries [load/1] because [load/1]\n",
		"a(x, X) :: m(1) => a(y, Y) <- 1 < 2":                                                                        "",
		"a(x, X) :: n(V) <= a(y, Y) then m(V) => a(y, Y)":                                                            "",
		"a(x, X) :: m(D) => a(R, Y) <- fits(1) and reserve(1, D)":                                                    "x => : m(D) carries [reserve/2] because [fits/1 reserve/2]\nx does reserve/2 in line 1\n",
		"a(x, X) :: reserve(1, D) <- m <= a(y, Y)":                                                                   "x does reserve/2 in line 1\n",
	} {
		if got := exposed(t, text, checkVocabulary); got != want {
			t.Errorf("%s\ngot\n%swant\n%s", text, got, want)
		}
	}
}

// TestDisclosuresAgility lists what a host discloses in the agility model.
func TestDisclosuresAgility(t *testing.T) {
	text, _ := models.Text("agility")
	host := &vocabulary.Set{Predicates: []vocabulary.Signature{
		{Name: "lasting", Params: make([]vocabulary.Param, 2)}, {Name: "guest", Params: make([]vocabulary.Param, 2)}, {Name: "worth", Params: make([]vocabulary.Param, 3)},
		{Name: "fits", Params: make([]vocabulary.Param, 1)}, {Name: "loadWith", Params: make([]vocabulary.Param, 3)},
		{Name: "reserve", Params: make([]vocabulary.Param, 4), Acts: true}, {Name: "migrate", Params: make([]vocabulary.Param, 3), Acts: true},
	}}
	got := exposed(t, string(text), host)
	for _, want := range []string{
		"overloaded => underloaded: ask(G, Need, L) carries [guest/2 lasting/2 worth/3]",
		"underloaded => overloaded: accept(D) carries [", "sending does migrate/3", "underloaded does reserve/4",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "resting") {
		t.Errorf("resting tells nothing:\n%s", got)
	}
}
