package hostagent

import (
	"strings"
	"testing"

	"parley/lcc"
)

// A full disk loses the records that did not fit, with what waited for them; new deals
// begin once there is room, without a restart.
func TestJournalFull(t *testing.T) {
	target := signing(t, "tgt")
	reserve := func(id ActID) {
		target.step(Act{ID: id, Goal: lcc.NewTerm("reserve", lcc.String("g"), lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024)), lcc.String("src"),
			&lcc.Var{Name: "D"})})
	}
	reserve(1)
	source := signing(t, "src", Guest{ID: "g", Name: "web", State: Running})
	carry(target, source, kindAsk)
	carry(source, target, kindDescribe)
	if len(target.core.book.deals) != 1 {
		t.Fatalf("deals: got %d, want the one that waits for its record", len(target.core.book.deals))
	}
	seq := target.core.ledger.journal.seq
	target.step(Journalled{Seq: seq, Err: "no space left", Full: true})
	if len(target.core.book.deals) != 0 || len(target.core.ledger.journal.waiting) != 0 {
		t.Errorf("after the record was lost: got %d deals, %d records waited for, want none", len(target.core.book.deals),
			len(target.core.ledger.journal.waiting))
	}
	if got := target.core.permits.whyNoDeal(); !strings.Contains(got.Detail, "no space left") {
		t.Errorf("why no deal is begun: got %q, want the disk", got)
	}
	if got := target.core.ledger.journal.seq; got == seq {
		t.Error("the end of the deal was not handed to the journal: there may be room for it")
	}
	target.step(Journalled{Seq: target.core.ledger.journal.seq})
	if !target.core.permits.whyNoDeal().Is() {
		t.Error("deals are begun although nobody said that there is room")
	}
	target.step(JournalRoom{})
	if got := target.core.permits.whyNoDeal(); got.Is() {
		t.Errorf("with room again: no deal is begun: %s", got)
	}
	target.step(JournalRoom{Why: "the reserve is not there"})
	if got := target.core.Status().Journal; got != "the reserve is not there" {
		t.Errorf("status: got %q, want why no deal is begun", got)
	}
	target.step(JournalRoom{})
	target.step(Journalled{Seq: 1, Err: "input/output error"})
	target.step(JournalRoom{})
	if got := target.core.permits.whyNoDeal(); !strings.Contains(got.Detail, "input/output error") {
		t.Errorf("after a failure of the disk: got %q, want that it stays", got)
	}
}

// A payload signed by another host is audited only if it led to a deal: a refused
// proposal costs the audit nothing.
func TestRefusedProposalsAreNotKept(t *testing.T) {
	source, target := signing(t, "src"), signing(t, "tgt")
	propose := func(deal DealID, guest GuestID) {
		p := source.core.wire.sign("tgt", payload{Kind: kindPropose, Deal: deal, Guest: guest, Name: "web", CPU: 1, Memory: 1 << 30})
		target.step(Received{From: "src", Payload: encodePayload(p)})
	}
	propose("d1", "g1")
	if got := signed(target); len(got) != 1 || got[0] != kindPropose {
		t.Errorf("kept of a proposal with a hold: got %v, want it", got)
	}
	target.out = nil
	for i := range 50 {
		propose(DealID("other"+string(rune('a'+i%26))), "g2") // the limit of concurrent moves is reached
	}
	if got := signed(target); len(got) != 0 {
		t.Errorf("kept of refused proposals: got %v, want nothing", got)
	}
}
