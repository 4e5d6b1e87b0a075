package recall

import (
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// Of several events the one is told that says most; a comparison that held is told with its
// values when it did not.
func TestWaits(t *testing.T) {
	lacks := func(values string) []lcc.Ground {
		return []lcc.Ground{{Kind: lcc.GroundLacks, Text: "L > High", Values: values},
			{Kind: lcc.GroundFact, Term: lcc.NewTerm("high", lcc.Float(0.8)), Text: "above it a host gives", Values: "high(High)"}}
	}
	look := func(values string) []lcc.View {
		return []lcc.View{{Roles: []string{"idle"}, Waits: []lcc.Waiting{
			{Text: "ask <= a(x, _)", Why: "waits for the message", For: lcc.ForMessage},
			{Text: "null <- hot", Why: values + " does not hold", For: lcc.ForConstraint, Lacks: lacks(values)},
		}}, {Begins: true, Waits: []lcc.Waiting{{Text: "go", Why: "in progress", For: lcc.ForAction}}}}
	}
	var w Waits
	model, at := lcc.Digest{1}, time.Unix(1000, 0)
	for i, values := range []string{"0.5 > 0.8", "0.7 > 0.8"} {
		w.Begin()
		w.Looked(model, "dir/balance.lcc", look(values), at.Add(time.Duration(i)*time.Second))
	}
	names := Names{In: func(text string) string { return text }}
	told := w.Of(strings.NewReplacer(), names, func(lcc.Digest) []string { return []string{"even"} })[model]
	if told == nil || told.Event != "null <- hot" || told.Values != "0.7 > 0.8" || told.Policy != "even" || told.File != "balance.lcc" ||
		len(told.Grounds) != 1 || told.Grounds[0].About != "above it a host gives" {
		t.Errorf("got %+v, want what the constraint lacks", told)
	}
	grounds := groundsOf([]lcc.Ground{{Kind: lcc.GroundCompared, Text: "L > High", Values: "0.9 > 0.8"}})
	w.Before(model, grounds, at.Add(3*time.Second))
	if g := grounds[0]; g.Was != "0.7 > 0.8" || !g.WasAt.Equal(at.Add(time.Second)) {
		t.Errorf("got %+v, want the values of the last look at which it did not hold", g)
	}
	grounds[0].Was = ""
	if w.Before(model, grounds, at.Add(time.Hour)); grounds[0].Was != "" {
		t.Error("a look of an hour before says nothing about a message")
	}
}
