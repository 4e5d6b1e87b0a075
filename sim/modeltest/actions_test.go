package modeltest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc/vocabulary"
	"parley/sim"
)

// mover is a model in which m moves a guest and says to w whether that worked.
const mover = `-- m.lcc --
r(mover, initial).
a(mover, M) ::
    (done(G) => a(waiter, w) <- guest(G) and migrate(G, "h2", D))
    or (lost => a(waiter, w) <- calm)
r(waiter, necessary).
a(waiter, W) :: (done(G) <= a(mover, M)) or (lost <= a(mover, M))
-- peers --
m: mover
w: waiter
-- m.facts --
guest("g").
-- m.actions --
%s
-- events --
%s
-- expect --
maybe m => w: done(_)
maybe m => w: lost
%s
-- run --
vocabulary: host
`

// canMove is a vocabulary with the action of mover.
var canMove = Sources{Vocabulary: &vocabulary.Set{Predicates: []vocabulary.Signature{
	{Name: "migrate", Acts: true, Params: []vocabulary.Param{{Mode: vocabulary.In}, {Mode: vocabulary.In}, {Mode: vocabulary.Out}}},
	{Name: "guest", Params: []vocabulary.Param{{Mode: vocabulary.Out}}}, {Name: "calm"},
}}}

func moves(t *testing.T, actions, events, expect string) Result {
	t.Helper()
	test, err := Load("m.txtar", fmt.Appendf(nil, mover, actions, events, expect), canMove)
	if err != nil {
		t.Fatal(err)
	}
	return test.Run()
}

// A test can expect that an action succeeds or fails. A failure that is scripted needs no
// values for what the model asks for.
func TestActionsAreExpected(t *testing.T) {
	const works, fails = `migrate("g", _, 5) after 2s`, `migrate("g", _, _) fails "no room" after 2s`
	for _, c := range []struct{ actions, expect, want string }{
		{works, `m achieves migrate("g", "h2", D)`, ""},
		{works, `never m fails to migrate(_, _, _)`, ""},
		{works, `m fails to migrate(_, _, _)`, "it did not happen"},
		{works, `never m achieves migrate(_, _, _)`, "but:     2.000s  m: achieved migrate(\"g\", \"h2\", D)"},
		{works, `m achieves migrate("g", "h3", _)`, "it did not happen"},
		{fails, `m fails to migrate("g", _, _)`, ""},
		{fails, `never m fails to migrate("g", _, _)`, "but:     2.00"},
		{fails, `* fails to migrate("g", _, _)`, ""},
		{fails, `w fails to migrate("g", _, _)`, "it did not happen"},
	} {
		r := moves(t, c.actions, "", c.expect)
		var got []string
		for _, f := range r.Failures {
			if strings.Contains(f.Message, "achieve") || strings.Contains(f.Message, "fails to") {
				got = append(got, f.Message)
			}
		}
		if text := strings.Join(got, "\n"); c.want == "" && text != "" || !strings.Contains(text, c.want) {
			t.Errorf("%s; %s: got %q, want %q\n%s", c.actions, c.expect, text, c.want, strings.Join(r.Story, "\n"))
		}
	}
	for text, want := range map[string]string{
		"m achieves migrat(_, _, _)": "m.txtar:20: the model never asks its peer for migrat/3: did you mean migrate/3?",
		"m fails to migrate(_)":      "m.txtar:20: the model never asks its peer for migrate/1",
		"m achieves X":               "m.txtar:20: X is no action",
		"m achieves":                 "m.txtar:20: the action ",
	} {
		_, err := Load("m.txtar", fmt.Appendf(nil, mover, "", "", text), canMove)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// Actions that no agent asked for are listed.
func TestUnusedActions(t *testing.T) {
	r := moves(t, "migrate(\"other\", _, 1)\nmigrate(\"g\", _, 5)\nmigrate(\"g\", _, 6) fails", "", "")
	var lines []int
	for _, u := range r.Unused {
		lines = append(lines, u.Line)
	}
	if want := []int{14, 16}; !r.Passed() || !slices.Equal(lines, want) {
		t.Errorf("got lines %v, want %v\n%s", lines, want, r.Text())
	}
	if want := "\n  m.txtar:14: no agent of m asked for this action: migrate(\"other\", _, 1)\n"; !strings.Contains(r.Text()+"\n", want) {
		t.Errorf("got\n%s\nwant %q", r.Text(), want)
	}
	if got := both(map[string][]int{"a": {0, 1, 2}}, map[string][]int{"a": {2, 0}}); !slices.Equal(got["a"], []int{0, 2}) {
		t.Errorf("of two seeds: got %v, want what both leave unused", got)
	}
}

// An event that cannot happen is reported with its line.
func TestEventThatCannotHappen(t *testing.T) {
	r := moves(t, "", "at 1s: w learns calm\nat 2s: m forgets guest(7)", "")
	if len(r.Failures) != 1 || r.Failures[0].Line != 17 ||
		r.Failures[0].Message != "m is to forget guest(7), and knows no such fact at that time" {
		t.Errorf("got %+v, want one failure in line 17", r.Failures)
	}
	for _, text := range []string{"at 1s: m learns 5", "at 1s: m learns \"x\""} {
		_, err := Load("m.txtar", fmt.Appendf(nil, mover, "", text, ""), canMove)
		if err == nil || !strings.Contains(err.Error(), "m.txtar:16: ") || !strings.Contains(err.Error(), "is no fact") {
			t.Errorf("%s: got %v, want its line", text, err)
		}
	}
}

// Times of a run are shown without the billionth of a second between two events.
func TestTimesAreRounded(t *testing.T) {
	r := moves(t, `migrate("g", _, 5) after 5023ms`, "", "")
	for _, f := range r.Failures {
		if strings.Contains(f.Message, "0000") {
			t.Errorf("got %q", f.Message)
		}
	}
	test := &Test{}
	if got, want := test.ending(&outcome{result: simResult(5023000001)}), "after 5.023s, when nothing had happened for 0s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func simResult(took time.Duration) sim.PeerRunResult { return sim.PeerRunResult{Took: took} }
