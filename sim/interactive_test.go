package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/lcc/vocabulary"
)

const stageText = `
r(asker, initial). r(teller, necessary).
a(asker, A) :: null <- wants(X) then ask(X) => a(teller, T) then ((answer(V) <= a(teller, T) then null <- k(got(V)) then null <- over) or (null <- failed(T) then a(asker, A)))
a(teller, T) :: ask(X) <= a(asker, A) then (answer(V) => a(asker, A) <- act(X, V) or none => a(asker, A))`

func newStageTest(t *testing.T, tell func(PeerRunEvent)) *Interactive {
	t.Helper()
	vocabulary := &vocabulary.Set{Predicates: []vocabulary.Signature{{Name: "act", Acts: true,
		Params: []vocabulary.Param{{Name: "X", Mode: vocabulary.In}, {Name: "V", Mode: vocabulary.Out}}}}}
	model, found := lcc.Compile("stage", []byte(stageText), vocabulary)
	if model == nil {
		t.Fatal(found)
	}
	s, err := NewInteractive(PeerRun{Model: model, OnEvent: tell})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// play drives an interactive run and returns its output.
func play(t *testing.T) string {
	var b strings.Builder
	s := newStageTest(t, func(ev PeerRunEvent) {
		if ev.Record != nil {
			fmt.Fprintf(&b, "%v %s %s %v\n", ev.At, ev.Peer, ev.Record.Kind, ev.Record.Term)
		} else {
			fmt.Fprintf(&b, "%v %s ends %s\n", ev.At, ev.Peer, ev.Finish.Reason)
		}
	})
	pattern := func(text string) *lcc.Pattern {
		p, err := lcc.ParsePattern(text)
		must(t, err)
		return &p
	}
	must(t, s.Add("alice"), s.Add("bob"), s.Subscribe("bob", "teller"), s.Start("alice", lcc.Start{Role: lcc.Atom("asker")}))
	must(t, s.Do(Act{Kind: Learn, Peer: "alice", Fact: lcc.NewTerm("wants", lcc.Int(7))}))
	if n, err := s.Step(1); n != 1 || err != nil {
		t.Fatalf("got %d steps, %v", n, err)
	}
	must(t, s.Advance(time.Second))
	if got := fmt.Sprint(s.Actions()); got != "[bob: act(7, V)]" {
		t.Errorf("got the actions %s", got)
	}
	views, err := s.Views("bob")
	must(t, err)
	if len(views) != 1 || !strings.Contains(views[0].Waits[0].Why, "in progress") {
		t.Errorf("got %v", views)
	}
	if err := s.Solve("bob", pattern("act(8, 9)"), ""); err == nil {
		t.Error("an answer to another goal was taken")
	}
	must(t, s.Solve("bob", pattern("act(X, X)"), ""), s.Advance(time.Second))
	views, err = s.Views("alice")
	must(t, err)
	if got := fmt.Sprint(views[0].Memory); got != "[got(7)]" {
		t.Errorf("alice remembers %s, want [got(7)]", got)
	}
	must(t, s.Do(Act{Kind: Crash, Peer: "alice"}))
	if views, err := s.Views("alice"); s.Up("alice") || views != nil || err != nil {
		t.Errorf("alice is down: got %v, %v", views, err)
	}
	must(t, s.Do(Act{Kind: Restart, Peer: "alice"}), s.Advance(time.Second), s.Solve("bob", nil, "tired"), s.Run())
	facts, err := s.Knows("alice")
	must(t, err)
	if got := fmt.Sprint(facts); got != "[wants(7)]" {
		t.Errorf("alice knows %s", got)
	}
	must(t, s.Send("carol", lcc.Atom("asker"), "bob", lcc.Atom("teller"), lcc.NewTerm("ask", lcc.Int(1))))
	if got := fmt.Sprint(s.Actions()); got != "[bob: act(1, V)]" {
		t.Errorf("got the actions %s", got)
	}
	return b.String()
}

func TestInteractive(t *testing.T) {
	first := play(t)
	for _, want := range []string{"alice send ask(7)", "bob solved act(7, V)", "alice receive answer(7)", "bob failed act(7, V)"} {
		if !strings.Contains(first, want) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	if second := play(t); first != second {
		t.Errorf("the same calls gave\n%s\nand\n%s", first, second)
	}
}

func TestInteractiveErrors(t *testing.T) {
	if _, err := NewInteractive(PeerRun{}); err == nil {
		t.Error("a stage without a model")
	}
	s := newStageTest(t, nil)
	must(t, s.Add("alice"))
	for what, err := range map[string]error{
		"a peer twice":    s.Add("alice"),
		"no peer":         s.Start("bob", lcc.Start{Role: lcc.Atom("asker")}),
		"to nobody":       s.Send("alice", lcc.Atom("x"), "bob", lcc.Atom("y"), lcc.Atom("m")),
		"no action":       s.Solve("alice", nil, ""),
		"back in time":    s.Advance(-1),
		"nobody crashes":  s.Do(Act{Kind: Crash, Peer: "bob"}),
		"nothing to lose": s.Do(Act{Kind: "dance"}),
	} {
		if err == nil {
			t.Errorf("%s: got no error", what)
		}
	}
	if n, err := s.Step(3); n != 0 || err != nil {
		t.Errorf("nothing happens: got %d, %v", n, err)
	}
}
