package service

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/recall"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/peer"
)

// Messages are counted by other host, kind and time, and are forgotten after an hour.
func TestExchanges(t *testing.T) {
	var e exchanges
	at := time.Unix(1_800_000_000, 0)
	note := func(after time.Duration, kind lcc.RecordKind, with lcc.PeerID, term lcc.Term) {
		e.note(&peer.Record{Record: lcc.Record{Kind: kind, Peer: with, Term: term}}, at.Add(after))
	}
	deal := lcc.NewTerm("deal", lcc.String("d1"), lcc.String("hidden"), lcc.Int(10))
	note(0, lcc.RecordSend, "p2", lcc.NewTerm("ask", lcc.String("g1")))
	note(time.Second, lcc.RecordReceive, "p2", lcc.NewTerm("refuse", lcc.Atom("full")))
	note(10*time.Minute, lcc.RecordSend, "p2", lcc.NewTerm("ask", lcc.String("g1")))
	note(10*time.Minute, lcc.RecordReceive, "p2", lcc.NewTerm("accept", deal))
	note(50*time.Minute, lcc.RecordReceive, "p3", lcc.Atom("probe"))
	note(20*time.Minute, lcc.RecordSend, "p3", lcc.Atom("probe")) // the clock was set back
	said := func(after time.Duration) (text string) {
		list := e.since(at.Add(after))
		slices.SortFunc(list, func(a, b site.Talk) int { return int(a.With[1]) - int(b.With[1]) })
		for _, one := range list {
			text += fmt.Sprintln(one.With, one.Sent, one.Received)
		}
		return text
	}
	for after, want := range map[time.Duration]string{
		51 * time.Minute: "p2 [{0 0 0} {0 0 0} {2 0 0}] [{0 0 0} {0 0 0} {0 1 1}]\np3 [{1 0 0} {1 0 0} {1 0 0}] [{1 0 0} {1 0 0} {1 0 0}]\n",
	} {
		if got := said(after); got != want {
			t.Errorf("after %v: got\n%swant\n%s", after, got, want)
		}
	}
	if got, want := said(61*time.Minute), "p2 [{0 0 0} {0 0 0} {1 0 0}] [{0 0 0} {0 0 0} {0 0 1}]\n"; got[:len(want)] != want {
		t.Errorf("after 61 min: got\n%swant first\n%s", got, want)
	}
	if got := said(10 * time.Hour); got != "" || len(e.with) != 0 {
		t.Errorf("after 10 h: got %q and %d hosts, want nothing", got, len(e.with))
	}
}

// What was said last with a host names guests and deals, and is not more than is kept of a
// deal's talk.
func TestExchanged(t *testing.T) {
	r := &recorder{names: &directory{self: "me", host: "h1"}}
	other := lcc.PeerID("12D3KooWAbcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTU")
	r.names.put(&members{list: []member{{id: other, name: "h2"}}})
	r.history.note(hostagent.DealChanged{Deal: "deal-number-one", Guest: "g9", Name: "gone", State: hostagent.Done}, time.Now())
	for i := range recall.TalkMost + 5 {
		r.mentions.Add(recall.Mention{At: time.Unix(int64(i), 0), Kind: lcc.RecordSend, Peer: other, Term: "probe"})
	}
	for _, m := range []recall.Mention{
		{Kind: lcc.RecordSolve, Term: `migrate("g1")`},
		{Kind: lcc.RecordSend, Peer: "third", Term: "probe"},
		{Kind: lcc.RecordSend, Peer: other, Term: `ask("g1","g9")`},
		{Kind: lcc.RecordReceive, Peer: other, Term: `accept(deal("deal-number-one","hidden",10))`},
	} {
		r.mentions.Add(m)
	}
	lines := r.exchanged(other, []hostagent.GuestStatus{{Guest: hostagent.Guest{ID: "g1", Name: "web"}}})
	last := lines[len(lines)-2:]
	if len(lines) != recall.TalkMost || last[0].Term != "ask(web,gone)" || last[0].With != "h2" ||
		last[1].Term != `accept(deal(deal deal-num,"hidden",10))` {
		t.Errorf("got %d lines, the last ones %+v", len(lines), last)
	}
	if all := r.exchanged("", nil); all[len(all)-3].With != "third" {
		t.Errorf("with any host: got %+v", all[len(all)-3:])
	}
}
