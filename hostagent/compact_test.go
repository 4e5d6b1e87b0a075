package hostagent

import (
	"fmt"
	"slices"
	"testing"
)

// Recover builds the same core from the records that Compact keeps as from all records.
func TestCompact(t *testing.T) {
	var records [][]byte
	write := func(id int, side Side, state DealState) {
		records = append(records, encode(record{
			Deal: DealID(fmt.Sprintf("d%04d", id)), Side: side, State: state,
			Guest: GuestID(fmt.Sprintf("g%d", id)), Source: "a", Target: "b", Wall: int64(id),
		}))
	}
	write(1, TargetSide, Offered)
	write(1, TargetSide, Armed)
	records = append(records, encode(record{Side: hostSide, Settings: &Settings{Paused: true}}))
	for id := 100; id < 1000; id++ {
		write(id, SourceSide, Intended)
		write(id, SourceSide, Moving)
		write(id, SourceSide, Done)
	}
	records = append(records, encode(record{Side: hostSide, Settings: &Settings{Drained: true}}))
	write(2, SourceSide, Intended)
	write(2, SourceSide, Moving)
	recovered := func(records [][]byte) *Core {
		core := newCore(t, DefaultConfig())
		if _, err := core.Recover(records); err != nil {
			t.Fatal(err)
		}
		return core
	}
	kept := Compact(records)
	if want := endedMax + 3; len(kept) != want {
		t.Errorf("records kept: got %d of %d, want %d", len(kept), len(records), want)
	}
	all, some := recovered(records), recovered(kept)
	ids := func(deals []*deal) (list []string) {
		for _, d := range deals {
			list = append(list, string(d.id)+" "+string(d.state))
		}
		return list
	}
	if a, b := ids(all.book.sortedDeals()), ids(some.book.sortedDeals()); !slices.Equal(a, b) || len(a) != 2 {
		t.Errorf("open deals: got %v, want %v", b, a)
	}
	if a, b := ids(all.book.ended), ids(some.book.ended); !slices.Equal(a, b) || len(a) != endedMax {
		t.Errorf("ended deals differ: got %d, want %d", len(b), len(a))
	}
	if some.permits.settings != (Settings{Drained: true}) {
		t.Errorf("settings: got %+v, want the last", some.permits.settings)
	}
	if again := Compact(kept); len(again) != len(kept) {
		t.Errorf("a second time: got %d records, want the same %d", len(again), len(kept))
	}
	broken := append(slices.Clone(records[:5]), append([][]byte{[]byte("?")}, records[5:]...)...)
	if _, err := newCore(t, DefaultConfig()).Recover(Compact(broken)); err == nil {
		t.Error("a record that cannot be read was dropped")
	}
}
