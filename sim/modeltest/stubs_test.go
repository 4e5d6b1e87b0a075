package modeltest

import (
	"strings"
	"testing"
)

const askedTwice = `-- m.lcc --
r(clerk, initial). r(guest, necessary).
@knows(answer(_, _))
a(clerk, C) :: said(A) => a(guest, G) <- answer(first, A) then said(B) => a(guest, G) <- answer(second, B)
a(guest, G) :: said(A) <= a(clerk, C) then said(B) <= a(clerk, C)
-- peers --
ann: clerk
bob: guest
-- ann.actions --
%ACTIONS%
-- expect --
%EXPECT%
`

// Questions of a text are answered by a script too: a sequence of answers, each after a time.
func TestStubs(t *testing.T) {
	for _, c := range []struct{ actions, expect, want string }{
		{"answer(_, yes) once\nanswer(_, no) after 2s", "ann => bob: said(yes)\nann => bob: said(no)", ""},
		{"answer(_, yes) after 2s once\nanswer(_, no)", "ann => bob: said(yes)\nann => bob: said(no)", ""},
		{"answer(_, yes) 2 times\nanswer(_, no)", "ann => bob: said(yes)\nann => bob: said(yes)", ""},
		{"answer(_, yes) once", "ann => bob: said(yes)\nann waits in clerk\nbob waits in guest", ""},
		{"answer(_, yes) once\nanswer(_, _) fails \"gone\" once", "ann => bob: said(yes)\nann fails to answer(second, _)\n" +
			"ann waits in clerk\nbob waits in guest", ""},
		{"answer(_, yes) once\nanswer(_, no) after 2s", "ann => bob: said(yes)\nby 1s: ann => bob: said(no)", "by 1s"},
	} {
		test, err := Load("stubs.txtar", []byte(strings.NewReplacer("%ACTIONS%", c.actions, "%EXPECT%", c.expect).Replace(askedTwice)), Sources{})
		if err != nil {
			t.Fatal(err)
		}
		r := test.Run()
		if r.Passed() != (c.want == "") || !strings.Contains(r.Text(), c.want) {
			t.Errorf("%s: got %s, want %q", c.actions, r.Text(), c.want)
		}
	}
}

// A peer without a line still answers with its facts.
func TestStubsBesideFacts(t *testing.T) {
	text := strings.NewReplacer("%ACTIONS%", "answer(first, yes)\n-- ann.facts --\nanswer(first, no).\nanswer(second, later).",
		"%EXPECT%", "ann => bob: said(yes)\nann => bob: said(later)").Replace(askedTwice)
	test, err := Load("stubs.txtar", []byte(text), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	if r := test.Run(); !r.Passed() {
		t.Error(r.Text())
	}
}

// Where no action may stand, the line is refused.
func TestStubsInPlace(t *testing.T) {
	text := strings.NewReplacer("<- answer(second, B)", "<- (answer(second, B) or B = none)", "%ACTIONS%", "answer(_, yes)", "%EXPECT%", "").
		Replace(askedTwice)
	_, err := Load("stubs.txtar", []byte(text), Sources{})
	if err == nil || !strings.Contains(err.Error(), "stubs.txtar:10: answer/2 is a question of the text") {
		t.Errorf("got %v, want that line 10 is refused", err)
	}
}
