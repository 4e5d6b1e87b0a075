package modeltest

import (
	"strings"
	"testing"
)

// A failure says why each agent that still waits does: of a message that is not taken, what
// keeps it from being taken.
func TestFailureSaysWhyAnAgentWaits(t *testing.T) {
	const text = `-- m.lcc --
r(guest, initial). r(host, necessary).
@knows(budget(_))
a(guest, G) :: ask => a(host, H) then null <- budget(B) then price(P) <= a(host, H) <- P =< B
a(host, H) :: ask <= a(guest, G) then price(9) => a(guest, G)
-- peers --
ann: guest
bob: host
-- ann.facts --
budget(5).
-- expect --
ann => bob: ask
bob => ann: price(9)
`
	test, err := Load("why.txtar", []byte(text), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "\n    line 3: price(P) <= a(host, H) <- P =< B: none of the messages that wait fits; nearest is " +
		"price(9) from a(host, bob): 9 =< 5 does not hold (G = \"ann\", H = \"bob\", B = 5)"
	r := test.Run()
	if len(r.Failures) != 1 || !strings.HasSuffix(r.Failures[0].Message, want) {
		t.Errorf("got %+v, want one that ends with %s", r.Failures, want)
	}
}
