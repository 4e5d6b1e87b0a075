package lcc

import (
	"fmt"
	"strings"
	"testing"

	"parley/lcc/vocabulary"
)

const groundsText = `
gap(0.12).  % hosts whose loads differ by less are even
a(hot, I) :: ask(L) => a(cool(_), T) <- best(L, T) then null <- not done
a(cool(_), I) :: ask(L) <= a(hot, H) then yes(D) => a(hot, H) <- room(L, R) and R < 0.9 and hold(H, D)
best(L, T) :- load(L), quiet(Quiet), L > Quiet, enough(L, T).
best(0, T) :- player(cool(_), T).

% How far apart the two are. A second sentence is left out.
enough(L, T) :- leastPlayer(cool(Least), T), gap(Gap), not gone(T), L - Least > Gap.
quiet(0.2).
room(L, R) :- load(Own), R is Own + L.
gone(nobody).
done(1).`

// groundsWorld has a load, and players.
type groundsWorld struct {
	shopPlayers
	load float64
}

func (w *groundsWorld) Ask(goal Term) (Answer, bool) {
	if name, _, _ := Name(goal); name == "load" {
		return Answer{Truth: True, Solutions: [][]Term{{Float(w.load)}}}, true
	}
	return Answer{}, false
}

func groundsOf(effects []Effect) string {
	var b strings.Builder
	for _, effect := range effects {
		r, is := effect.(Record)
		if !is || r.Kind != RecordSend {
			continue
		}
		for _, g := range r.Grounds {
			line := fmt.Sprint(g.Kind, ": ", g.Text)
			if g.Values != "" {
				line += ": " + g.Values
			}
			if g.Term != nil {
				line += " " + g.Term.String()
			}
			b.WriteString(strings.TrimSpace(line+" "+string(g.Peer)) + "\n")
		}
	}
	return b.String()
}

// A message has the comparisons, facts and answers on which it depended, and who else it could
// have gone to. What an action changes does not change them.
func TestGrounds(t *testing.T) {
	words := &vocabulary.Set{Predicates: []vocabulary.Signature{
		{Name: "load", Params: []vocabulary.Param{{Mode: vocabulary.Out}}},
		{Name: "hold", Acts: true, Params: []vocabulary.Param{{Mode: vocabulary.In}, {Mode: vocabulary.Out}}},
	}}
	model, found := Compile("grounds", []byte(groundsText), words)
	if model == nil {
		t.Fatal(found)
	}
	world := &groundsWorld{load: 0.5}
	for i := range 2 * groundPlayersMost {
		world.players = append(world.players, Player{Peer: PeerID(fmt.Sprintf("p%02d", 50-i)), Role: NewTerm("cool", Float(float64(30-i)/100))})
	}
	e, err := New(model, Options{Self: "me", World: world, Records: true})
	if err != nil {
		t.Fatal(err)
	}
	got := groundsOf(stepAt(t, e, 0, Start{Role: Atom("hot")}))
	const want = `compared: L > Quiet: 0.5 > 0.2
compared: L - Least > Gap: 0.5 - 0.07 > 0.12
fact: : quiet(Quiet) quiet(0.2)
fact: hosts whose loads differ by less are even: gap(Gap) gap(0.12)
rule: How far apart the two are: enough(L, T) enough(0.5, "p27")
answer: : load(L) load(0.5)
player:  cool(0.07) p27
`
	if !strings.HasPrefix(got, want) || strings.Count(got, "player:") != groundPlayersMost || !strings.HasSuffix(got, "others: 12\n") {
		t.Errorf("got\n%swant first\n%s", got, want)
	}

	stepAt(t, e, 1, Start{Role: NewTerm("cool", Float(0.5))})
	ask := Message{ID: MessageID{"q", 1, 1}, From: Party{"q", 1, Atom("hot")}, To: Party{"me", 0, NewTerm("cool", Float(0.5))},
		Body: NewTerm("ask", Float(0.25)), Model: model.digest, Conversation: "q/1/1"}
	effects := stepAt(t, e, 1, Received{ask})
	if said := groundsOf(effects); said != "" {
		t.Fatalf("it has answered before its action: %s", said)
	}
	world.load = 0.9
	for _, effect := range effects {
		if s, is := effect.(Solve); is {
			effects = stepAt(t, e, 2, Solved{Request: s.Request, Answer: Answer{Truth: True, Solutions: [][]Term{{Atom("q"), Atom("d")}}}})
		}
	}
	const before = "compared: R < 0.9: 0.75 < 0.9\ncomputed: R is Own + L: 0.75 is 0.5 + 0.25\nanswer: : load(Own) load(0.5)\n"
	if got := groundsOf(effects); got != before {
		t.Errorf("got\n%swant\n%s", got, before)
	}
}
