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
	for _, c := range []struct {
		policy string
		agent  uint64
		want   string
	}{
		{"watch", 0, "agent 1, begun in waiter, plays waiter\n"},
		{"night/watch.lcc", 0, "agent 1, begun in waiter, plays waiter\n"},
		{"watch", 1, "line 2: null <- load(cpu, L) and L > 0.5: 0.25 > 0.5 does not hold"},
		{"watch", 1, "it remembers began\n"},
		{"watch", 7, "watch has no agent 7 here: it has 1"},
		{"wach", 1, "this host does not enact wach: it enacts watch"},
	} {
		e, err := explainAgent(core.Views(), c.policy, c.agent)
		got := wordsOf(e)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s %d: got %s, want %s", c.policy, c.agent, got, c.want)
		}
	}
	if _, err := explainAgent(nil, "watch", 0); err == nil || !strings.Contains(err.Error(), "it enacts nothing") {
		t.Errorf("got %v, want that nothing is enacted", err)
	}
}
