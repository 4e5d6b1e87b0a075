package hostagent

import "testing"

// Both ends of a deal tell whether a drain began it, also from the journal.
func TestDealSaysThatDrainBeganIt(t *testing.T) {
	l := newEnd(t, "h").core.ledger
	for _, c := range []struct {
		name string
		deal deal
		want bool
	}{
		{"a drain's, at its source", deal{side: SourceSide, operator: true, src: sourceEnd{drain: true}}, true},
		{"a drain's, at its target", deal{side: TargetSide, operator: true, tgt: targetEnd{apart: true}}, true},
		{"an order's, at its source", deal{side: SourceSide, operator: true, src: sourceEnd{orders: []uint64{1}}}, false},
		{"an order's, at its target", deal{side: TargetSide, operator: true}, false},
		{"a policy's, from a draining host", deal{side: TargetSide, tgt: targetEnd{apart: true}}, false},
	} {
		c.deal.id, c.deal.guest, c.deal.state = "d", "web", Moving
		data := l.encodeRecord(&c.deal)
		told, ok := ReadHistory(data)
		if !ok || told.Drain != c.want {
			t.Errorf("%s: the journal says %v, want %v", c.name, told.Drain, c.want)
		}
		read, err := decodeRecord(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := read.deal().ofAnyDrain(); got != c.want {
			t.Errorf("%s: after a restart it is %v, want %v", c.name, got, c.want)
		}
	}
}
