package syntax

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// clauseOf wraps a body in a clause.
func clauseOf(body string) string { return "a(x, I) :: " + body }

func nest(open, inner, end string, times int) string {
	return strings.Repeat(open, times) + inner + strings.Repeat(end, times)
}

// fill repeats a part up to nearly the maximum size of a text.
func fill(part string) string { return strings.Repeat(part, (TextBytes-100)/len(part)) }

// nesting has every way in which a text of this grammar can nest.
var nesting = map[string]func(times int) string{
	"parentheses of a definition": func(n int) string { return clauseOf(nest("(", "null", ")", n)) },
	"parentheses of a constraint": func(n int) string { return clauseOf("null <- " + nest("(", "p", ")", n)) },
	"parentheses of arithmetic":   func(n int) string { return clauseOf("X is " + nest("(", "1", ")", n)) },
	"terms":                       func(n int) string { return nest("f(", "1", ")", n) + "." },
	"lists":                       func(n int) string { return "f(" + nest("[", "1", "]", n-1) + ")." },
	"tails of lists":              func(n int) string { return "f(" + nest("[1|", "[]", "]", n-1) + ")." },
	"annotations":                 func(n int) string { return nest("@a(", "b", ")", n) },
	"not":                         func(n int) string { return "h :- " + nest("not ", "p", "", n) + "." },
	"signs of not":                func(n int) string { return "h :- " + nest("¬", "p", "", n) + "." },
	"minus":                       func(n int) string { return "h :- X is " + nest("-", "Y", "", n) + "." },
	"choices in parentheses":      func(n int) string { return clauseOf(nest("(null or ", "null", ")", n)) },
	"pars in sequences":           func(n int) string { return clauseOf(nest("(null par (null then ", "null", "))", n/2)) },
}

// TestNesting: nesting up to the limit is parsed; deeper nesting is rejected on the
// tokens, before anything recurses.
func TestNesting(t *testing.T) {
	for name, make := range nesting {
		if _, errs := Parse("text", []byte(make(Nesting-2))); len(errs) > 0 {
			t.Errorf("%s, nested %d deep: got %v, want no error", name, Nesting-2, errs[0])
		}
		_, errs := Parse("text", []byte(make(Nesting+2)))
		if len(errs) != 1 || !strings.Contains(errs[0].Message, "nested deeper than 128") {
			t.Errorf("%s, nested %d deep: got %v, want it refused", name, Nesting+2, errs)
		}
	}
}

// TestBombs parses texts of the maximum size that try to cause recursion or repeated
// scans of the text.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and many large texts: nothing for the race detector; go test without -short runs them")
	}
	bombs := map[string]string{
		"closing parentheses":       clauseOf("null" + fill(")")),
		"closing brackets":          clauseOf("null" + fill("]")),
		"closing, in rules":         fill("h :- ) . "),
		"opening and closing":       fill("(a]"),
		"heads without beginning":   fill("x) :: "),
		"necks without beginning":   fill(") :- "),
		"facts that never end":      fill("x(a,\n"),
		"names in lines":            fill("x\n"),
		"characters without sense":  fill("{a."),
		"quotes":                    fill("'\n"),
		"backslashes":               `p("` + fill(`\`),
		"comments that never end":   fill("/* "),
		"comments":                  fill("/**/"),
		"annotations":               fill("@a"),
		"declarations":              fill("r(a,"),
		"a sequence":                clauseOf(fill("null then ") + "null"),
		"a choice":                  clauseOf(fill("null or ") + "null"),
		"choices and pars":          clauseOf(fill("p or q par ") + "null"),
		"a conjunction":             "h :- " + fill("p, ") + "p.",
		"not and minus":             "h :- " + fill("not - ") + "p.",
		"a sum":                     "h :- X is " + fill("1+") + "1.",
		"a product":                 "h :- X is " + fill("Y*") + "Y.",
		"a list":                    "h([" + fill("a,") + "a]).",
		"arrows":                    clauseOf(fill("p <- ") + "p"),
		"definitions":               fill("a(x, I) :: "),
		"dots":                      fill("."),
		"mended clauses":            fill("h :- ((((((p. "),
		"spaces":                    fill(" "),
		"parentheses, too large":    strings.Repeat("(", 320<<10),
		"a sum of sums":             "h(" + fill("1-1*") + "1).",
		"nested, then many closing": clauseOf(strings.Repeat("(", Nesting) + fill(")")),
	}
	for name, text := range bombs {
		var file *File
		var errs []*Error
		spent(t, name, func() { file, errs = Parse("text", []byte(text)) })
		if file == nil && len(errs) == 0 {
			t.Errorf("%s: got neither a file nor an error", name)
		}
		if file != nil && len(errs) == 0 {
			roundTrip(t, name, file)
		}
	}
}

// spentMax bounds the cost of one hostile text, in total bytes allocated, garbage
// included. The memory in use at once, which must stay below 64 MiB, is less.
const spentMax = 128 << 20

// spent compares the allocations of do with the bound, and logs its time, which depends
// on the machine.
func spent(t *testing.T, name string, do func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	do()
	took := time.Since(begin)
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > spentMax {
		t.Errorf("%s: got %d bytes allocated, want at most %d", name, bytes, spentMax)
	}
	t.Logf("%s: %v, %d kB", name, took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)/1024)
}

// TestLimits: a text over a limit is rejected as a whole, with one error.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"bytes":     {strings.Repeat(" ", TextBytes+1), "the text has 65537 bytes, more than 65536"},
		"words":     {"h([" + strings.Repeat("a,", Nodes) + "a]).", "more than 20000 words and signs"},
		"UTF-8":     {"p.\n  q(\xff).", "the text is not UTF-8 here"},
		"addends":   {"h :- X is " + strings.Repeat("1+", Nesting+1) + "1.", "a calculation of more than 128 parts"},
		"factors":   {"h :- X is " + strings.Repeat("1*", Nesting+1) + "1.", "a calculation of more than 128 parts"},
		"an escape": {`h("\`, "does not end on its line"},
	} {
		_, errs := Parse("text", []byte(c.text))
		if len(errs) != 1 || errs[0].Message != c.want && !strings.HasSuffix(errs[0].Message, c.want) {
			t.Errorf("%s: got %v, want %q", name, errs, c.want)
		}
	}
	_, errs := Parse("text", []byte("p.\n  q(\xff)."))
	if got, want := errs[0].Position, (Position{File: "text", Line: 2, Column: 5, Offset: 7}); got != want {
		t.Errorf("position of the byte that is no UTF-8: got %v, want %v", got, want)
	}
	if _, errs := Parse("text", []byte(strings.Repeat("null.\n=> \n", 1000))); len(errs) != errorsMax {
		t.Errorf("a thousand errors: got %d, want %d of them", len(errs), errorsMax)
	}
}
