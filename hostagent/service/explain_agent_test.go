package service

import (
	"strings"
	"testing"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/lcc"
	"parley/peer"
)

// wordsOf are the facts of an explanation, one on a line.
func wordsOf(e api.Explanation) (text string) {
	for _, f := range e.Facts {
		text += wording.Fact(f) + "\n"
	}
	return text
}

func TestExplainAgent(t *testing.T) {
	const text = `r(waiter, initial).
		a(waiter, W) :: null <- k(began) then null <- load(cpu, L) and L > 0.5 then go => a(other, _)
		a(other, O) :: go <= a(waiter, _)
		load(cpu, 0.25).`
	model, found := lcc.Compile("night/watch.lcc", []byte(text), nil)
	if model == nil {
		t.Fatal(found)
	}
	core, err := peer.New(peer.Options{Self: "h1", Incarnation: 1, World: lcc.EmptyWorld{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.Step(1, peer.Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("waiter")}}}); err != nil {
		t.Fatal(err)
	}
	policiesOf := func(d lcc.Digest) []string {
		if d == model.Digest() {
			return []string{"nights"}
		}
		return nil
	}
	for _, c := range []struct {
		policy string
		agent  uint64
		want   string
	}{
		{"watch", 0, "agent 1, begun in waiter, plays waiter\n"},
		{"night/watch.lcc", 0, "agent 1, begun in waiter, plays waiter\n"},
		{"watch", 1, "line 2: null <- load(cpu, L) and L > 0.5: 0.25 > 0.5 does not hold"},
		{"watch", 1, "it remembers began\n"},
		{"nights", 0, "agent 1, begun in waiter, plays waiter\n"},
		{"nights", 1, "it remembers began\n"},
		{"nights", 7, "nights has no agent 7 here: it has 1"},
		{"watch", 7, "watch has no agent 7 here: it has 1"},
		{"wach", 1, "this host does not enact wach: it enacts watch"},
	} {
		e, err := explainAgent(core.Views(), policiesOf, c.policy, c.agent)
		got := wordsOf(e)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s %d: got %s, want %s", c.policy, c.agent, got, c.want)
		}
	}
	if _, err := explainAgent(nil, policiesOf, "watch", 0); err == nil || !strings.Contains(err.Error(), "it enacts nothing") {
		t.Errorf("got %v, want that nothing is enacted", err)
	}
}

// A policy with several models has no one list of agents: the name of a model is needed. A
// line of a library is one of the library.
func TestExplainAgentOfOneModel(t *testing.T) {
	core, err := peer.New(peer.Options{Self: "h1", Incarnation: 1, World: lcc.EmptyWorld{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"day.lcc", "night.lcc"} {
		text := "r(waiter, initial).\na(waiter, W) :: a(" + name[:3] + ", W)\n%@ line 7 of \"turns.lcc\"\na(" + name[:3] + ", W) :: null <- fail"
		model, found := lcc.Compile(name, []byte(text), nil)
		if model == nil {
			t.Fatal(found)
		}
		if _, err := core.Step(1, peer.Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("waiter")}}}); err != nil {
			t.Fatal(err)
		}
	}
	policiesOf := func(lcc.Digest) []string { return []string{"both"} }
	if _, err := explainAgent(core.Views(), policiesOf, "both", 0); err == nil || !strings.Contains(err.Error(), "name one of day, night") {
		t.Errorf("got %v, want that a model must be named", err)
	}
	e, err := explainAgent(core.Views(), policiesOf, "day", 1)
	if got := wordsOf(e); err != nil || !strings.Contains(got, "line 7 of turns.lcc: null <- fail: ") {
		t.Errorf("got %s and %v, want the line of the library", got, err)
	}
}
