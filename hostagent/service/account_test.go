package service

import (
	"fmt"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/recall"
	"parley/lcc"
)

// What is told of a deal is what the models said about its guest and the answers to that,
// with names, and nothing of other guests or of other times.
func TestAccount(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	r := &recorder{names: &directory{self: "me", host: "h1"}}
	other := lcc.PeerID("12D3KooWAbcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTU")
	r.names.put(&members{list: []member{{id: other, name: "h2"}}})
	r.origins.Looked(hostagent.Status{
		Known: true, Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 8 << 30}, Guests: []hostagent.GuestStatus{
			{Guest: hostagent.Guest{ID: "g2", Name: "db", State: hostagent.Running}, CPU: 1, Unmoved: hostagent.Refusal{Detail: "it is pinned"}},
			{Guest: hostagent.Guest{ID: "g1", Name: "web", State: hostagent.Running}, CPU: 2},
		},
	})
	say := func(after time.Duration, kind lcc.RecordKind, peer lcc.PeerID, term string) {
		r.mentions.Add(recall.Mention{At: at.Add(after), Role: "idle", Kind: kind, Peer: peer, Term: term, File: "m.lcc", Row: 7})
	}
	say(-time.Hour, lcc.RecordSend, other, `ask("g1")`)
	say(-time.Hour, lcc.RecordReceive, other, `refuse(full)`)
	say(-2*time.Second, lcc.RecordSend, other, `ask("g1",0.25)`)
	say(-2*time.Second, lcc.RecordSend, "third", `ask("g2")`)
	say(-time.Second, lcc.RecordReceive, "third", `refuse(full)`)
	say(-time.Second, lcc.RecordReceive, other, `accept("deal-number-one")`)
	say(0, lcc.RecordSolve, "", `migrate("g1","`+string(other)+`")`)
	story := hostagent.DealChanged{
		Deal: "deal-number-one", Guest: "g1", Name: "web", Side: hostagent.SourceSide, Source: "me", Target: hostagent.HostID(other),
		State: hostagent.Moving, Load: 0.9,
	}
	for i, state := range []hostagent.DealState{hostagent.Moving, hostagent.Done} {
		story.State, story.Load = state, 0.9-0.2*float64(i)
		when := at.Add(time.Duration(i) * time.Second)
		r.origins.Note(story, r.mentions.Asker("me", story, when), when)
		r.history.note(story, when)
	}
	say(time.Second, lcc.RecordSend, other, `moved("deal-number-one")`)
	say(3*time.Second, lcc.RecordReceive, other, `accept("deal-number-two")`)
	say(time.Hour, lcc.RecordSend, other, `ask("g1",0.5)`)

	a, _ := r.account("deal-number-one")
	var got string
	for _, l := range a.Talk {
		got += fmt.Sprintf("%s %s %s\n", l.Kind, l.With, l.Term)
	}
	const want = "send h2 ask(web,0.25)\nreceive h2 accept(deal deal-num)\nsolve  migrate(web,\"h2\")\nsend h2 moved(deal deal-num)\n"
	if got != want {
		t.Errorf("got the talk\n%swant\n%s", got, want)
	}
	if d := a.Deal; !a.Known || d.Begin.AskedBy != "me" ||
		d.Begin.Load != 0.9 || d.Load != 0.7 || !d.Begin.At.Equal(at) || d.State != "done" {
		t.Errorf("got %+v, want the loads at both times", d)
	}
	if len(a.Choice) != 2 || a.Choice[0].Name != "web" || a.Choice[0].CPU != 0.25 || a.Choice[1].Stays != "it is pinned" {
		t.Errorf("got the choice %+v, want the largest first", a.Choice)
	}
	if none, _ := r.account("deal"); none.Known {
		t.Errorf("got %+v for a deal that is not known", none)
	}
}
