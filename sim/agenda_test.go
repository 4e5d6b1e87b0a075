package sim

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/lcc"
)

// The agenda returns the same order as a list that is sorted after each change.
func TestAgendaOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a agenda
		var list []planned
		for seq := range uint64(rapid.IntRange(1, 200).Draw(t, "steps")) {
			if len(list) > 0 && rapid.IntRange(0, 2).Draw(t, "pop") == 0 {
				slices.SortFunc(list, func(x, y planned) int {
					if x.before(&y) {
						return -1
					}
					return 1
				})
				got, want := a.pop(), list[0]
				if list = list[1:]; got.at != want.at || got.seq != want.seq {
					t.Fatalf("got (%d, %d), want (%d, %d)", got.at, got.seq, want.at, want.seq)
				}
				continue
			}
			e := planned{at: lcc.Instant(rapid.IntRange(0, 20).Draw(t, "at")), seq: seq}
			a.push(e)
			list = append(list, e)
		}
		if len(a) != len(list) {
			t.Fatalf("got %d entries, want %d", len(a), len(list))
		}
	})
}

// An entry that is planned for the past runs now, and entries of one instant run in the
// order in which they were planned.
func TestAgendaOfWorld(t *testing.T) {
	w := newWorld(1)
	var order []string
	note := func(what string) func() error {
		return func() error {
			order = append(order, what)
			return nil
		}
	}
	w.plan(10, func() error {
		w.planAt(5, note("late"))
		w.plan(-3, note("negative"))
		return nil
	})
	w.plan(10, note("second"))
	w.plan(30, note("after the limit"))
	if err := w.run(20, nil); err != nil {
		t.Fatal(err)
	}
	if want := []string{"second", "late", "negative"}; !slices.Equal(order, want) {
		t.Errorf("got %v, want %v", order, want)
	}
	if w.now != 11 {
		t.Errorf("the clock: got %d, want 11", w.now)
	}
}

// An endless run ends with an error.
func TestAgendaRunsWild(t *testing.T) {
	w := newWorld(1)
	var again func() error
	again = func() error {
		w.plan(0, again)
		return nil
	}
	w.plan(0, again)
	if err := w.run(10, nil); err == nil {
		t.Error("got no error, want one about more events than there can be")
	}
}
