package lcc

import (
	"fmt"
	"strings"
	"testing"

	"parley/lcc/check"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// testHost is the vocabulary for fuzzed and very large texts.
var testHost = &vocabulary.Set{Predicates: []vocabulary.Signature{
	{Name: "load", Params: []vocabulary.Param{{Name: "Load", Mode: vocabulary.Out}}},
	{Name: "fits", Params: []vocabulary.Param{{Name: "Need", Mode: vocabulary.In}}},
	{Name: "reserve", Acts: true, Params: []vocabulary.Param{{Name: "Need", Mode: vocabulary.In}, {Name: "Deal", Mode: vocabulary.Out}}},
	{Name: "canMigrate", Params: []vocabulary.Param{{Name: "Capacity", Mode: vocabulary.In}, {Name: "Need", Mode: vocabulary.In}}},
	{Name: "overloaded", Params: []vocabulary.Param{{Name: "Need", Mode: vocabulary.Out}}},
	{Name: "underloaded", Params: []vocabulary.Param{{Name: "Capacity", Mode: vocabulary.Out}}},
}}

// TestCheckBombs: the checker handles the largest accepted texts quickly, whatever
// their structure.
func TestCheckBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and much work: nothing for the race detector; go test without -short runs it")
	}
	fill := func(part string) string { return strings.Repeat(part, 60_000/len(part)) }
	numbered := func(format string, times int) string {
		var b strings.Builder
		for i := range times {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"branches that wait":    "a(x, I) :: go => a(y, J) then (" + strings.Repeat("m <= a(y, J) or ", 3000) + "null)\na(y, I) :: null",
		"roles that hand on":    numbered("a(r%d(X), I) :: a(r%d(X), I)\n", 1500),
		"values and branches":   "a(x, I) :: null <- " + numbered("p(X%d, Y%d), ", 1000) + "true then (" + numbered("p(X%d, Z%d) or ", 800) + "null)",
		"messages of two roles": "a(x, I) :: " + fill("go(1) => a(y, _) then ") + "null\na(y, I) :: " + "go(2) <= a(x, _)",
		"unknown constraints":   "a(x, I) :: null <- " + numbered("p%d(%d), ", 4000) + "true",
		"unknown, and rules":    "a(x, I) :: null <- " + numbered("p%d(a%d), ", 2000) + "true\n" + numbered("q%d(a%d).\n", 2000),
		"long names":            "a(x, I) :: " + strings.Repeat("b", 30_000) + " => a(" + strings.Repeat("c", 30_000) + ", _)",
		"a calculation":         "a(x, I) :: null <- X is " + strings.Repeat("1+", 120) + "1 and X > 1",
		"parentheses":           "a(x, I) :: " + strings.Repeat("(null or null then ", 120) + "null" + strings.Repeat(")", 120),
	} {
		file, errs := syntax.Parse("text", []byte(text))
		if len(errs) > 0 {
			t.Errorf("%s: got %v, want a text that is read", name, errs[0])
			continue
		}
		t.Run(name, func(t *testing.T) {
			spent(t, func() {
				check.File(file, Builtins(), testHost)
				Explore(lower("text", []byte(text), file, testHost))
			})
		})
	}
}
