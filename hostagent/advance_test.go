package hostagent

import "testing"

// A deal's new state is journalled, then durable, then announced; then the effects that
// depend on it follow. If the record is lost, only the end is announced.
func TestStateIsAnnouncedOnceDurable(t *testing.T) {
	for _, lost := range []bool{false, true} {
		e := newEnd(t, "h")
		d := &deal{id: "d", side: TargetSide, state: Asking, guest: "g", source: "src", target: "h"}
		e.core.book.deals["d"] = d
		then, why := 0, Refusal{}
		e.core.out = nil
		e.core.ledger.advance(d, Offered, func() { then++ }, func(w Refusal) { why = w })
		if d.state != Offered || d.durable || then != 0 {
			t.Fatalf("before the record is durable: state %s, durable %v, %d effects", d.state, d.durable, then)
		}
		if len(e.core.out) != 1 || e.core.out[0].(Journal).Seq != 1 {
			t.Fatalf("before the record is durable: got %v, want the record alone", e.core.out)
		}
		e.core.out = nil
		said := Journalled{Seq: 1}
		if lost {
			said.Err = "broken"
		}
		e.core.ledger.journalled(said)
		switch {
		case lost && (why.Code != CodeJournal || then != 0 || d.durable || len(e.core.out) != 0):
			t.Errorf("the record is lost: got %v, %d effects, %v", why, then, e.core.out)
		case !lost && (then != 1 || !d.durable || len(e.core.out) != 1 || e.core.out[0].(DealChanged).State != Offered):
			t.Errorf("the record is durable: got %d effects, %v", then, e.core.out)
		}
	}
}
