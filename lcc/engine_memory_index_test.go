package lcc

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestIndexedMemory: what the index finds is what going through all facts finds, in the same
// order, after facts were remembered and forgotten.
func TestIndexedMemory(t *testing.T) {
	value := rapid.SampledFrom([]Term{String("a"), Atom("a"), String("b"), Atom("c"), Int(1), Float(1), NewTerm("f", Int(1)), Nil})
	rapid.Check(t, func(t *rapid.T) {
		var m memory
		for range rapid.IntRange(0, 60).Draw(t, "changes") {
			fact := NewTerm(rapid.SampledFrom([]string{"p", "q"}).Draw(t, "name"), value.Draw(t, "x"), value.Draw(t, "y"))
			if rapid.IntRange(0, 4).Draw(t, "forget") == 0 {
				m.forget(fact)
			} else {
				m.remember(fact)
			}
			wanted := []Term{value.Draw(t, "wanted x"), &Var{}}
			if rapid.Bool().Draw(t, "second") {
				slices.Reverse(wanted)
			}
			tuples, indexes := m.matching(key{"p", 2}, wanted)
			if !indexes {
				continue
			}
			var want, got []string
			for _, f := range m.facts {
				if f.key == (key{"p", 2}) && passes(f.args, wanted) {
					want = append(want, fmt.Sprint(f.tuple[0]))
				}
			}
			for _, tuple := range tuples {
				got = append(got, fmt.Sprint(tuple[0]))
			}
			if !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	})
}
