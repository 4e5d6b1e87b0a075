package modeltest

import (
	"strings"
	"testing"
)

const rulesOfAPeer = `-- m.lcc --
r(seller, initial). r(buyer, necessary).
@knows(sells(_, _))
a(seller, S) :: offer(X, P) => a(buyer, B) <- sells(X, P) and P < 9
a(buyer, B) :: offer(X, P) <= a(seller, S)
-- peers --
ann: seller
bob: buyer
-- ann.facts --
# A fact may stand in several lines, and rules derive others.
cost(
  lamp,
  4).
cost(boat, 900). cost(sofa, 40).
sells(X, P) :-
  cost(X, C) and
  P is C * 2.
-- events --
at 5s: ann learns cost(mug, 1)
-- expect --
`

// What a peer knows may be rules; they derive again when a fact comes.
func TestRulesInFacts(t *testing.T) {
	test, err := Load("rules.txtar", []byte(rulesOfAPeer+"ann => bob: offer(lamp, 8)\n"), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	if r := test.Run(); !r.Passed() {
		t.Error(r.Text())
	}
	without := strings.Replace(rulesOfAPeer, "  4).", "  5).", 1)
	if test, err = Load("rules.txtar", []byte(without+"by 6s: ann => bob: offer(mug, 2)\n"), Sources{}); err != nil {
		t.Fatal(err)
	}
	if r := test.Run(); !r.Passed() {
		t.Error(r.Text())
	}
	broken := strings.Replace(rulesOfAPeer, "P is C * 2.", "P is D * 2.", 1)
	_, err = Load("rules.txtar", []byte(broken), Sources{})
	if err == nil || !strings.Contains(err.Error(), "rules.txtar:17: ") {
		t.Errorf("got %v, want a fault in line 17", err)
	}
}
