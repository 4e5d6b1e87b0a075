package check_test

import (
	"strings"
	"testing"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/syntax"
)

// Where nothing is known of the host, a text that says what its peers know tells of a constraint
// that is spelled like one of them; of others, and in other texts, nothing is said.
func TestMisspeltAmongTold(t *testing.T) {
	const told = "@knows(expects(_), taken(_))\nr(x, initial).\n"
	for name, c := range map[string]struct{ text, want string }{
		"misspelt":             {told + "a(x, X) :: null <- expcts(V) and taken(V)", "did you mean expects?"},
		"under not":            {told + "a(x, X) :: null <- expects(V) and not takn(V)", "did you mean taken?"},
		"unlike all":           {told + "a(x, X) :: null <- expects(V) and price(V, _)", ""},
		"nothing is told":      {"r(x, initial).\na(x, X) :: null <- expects(V) and expcts(V)", ""},
		"with other arguments": {told + "a(x, X) :: null <- expects(_, _)", ""},
	} {
		file, err := syntax.Parse("x.lcc", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, d := range check.File(file, lcc.Builtins(), nil) {
			if d.Code == check.CodeUnanswered {
				got += d.Hint
			}
		}
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
