package lcc

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBombs compiles and starts each text of testdata/bombs. Each text is written to
// exhaust time or memory. Its line "want:" has the reason with which its agent ends,
// and a word of the detail. Charges and allocations stay bounded, and the reason stays
// short.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("what the race detector allocates is not bounded; go test without -short runs them")
	}
	paths, err := filepath.Glob("testdata/bombs/*.lcc")
	if err != nil || len(paths) < 20 {
		t.Fatalf("got %d bombs (%v), want 20 or more", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".lcc"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, rest, _ := strings.Cut(string(text), "% want: ")
			want, _, found := strings.Cut(rest, "\n")
			code, detail, _ := strings.Cut(want, " ")
			if !found || code == "" || detail == "" {
				t.Fatalf("got no line %q", "% want: reason word")
			}
			var e *Engine
			var reason Reason
			var ended bool
			spent(t, func() {
				role := Term(Atom("r"))
				model := compileText(t, string(text))
				if model.clauses[key{"r", 0}] == nil {
					role = NewTerm("r", Int(0))
				}
				e = newEngine(t, model, "p")
				reason, ended = ends(step(t, e, Start{Role: role}))
			})
			if !ended || string(reason.Code) != code || !strings.Contains(reason.Detail, detail) {
				t.Errorf("got %v, want %s with %q", reason, code, detail)
			}
			if len(reason.Detail) > 1000 {
				t.Errorf("got a reason of %d bytes, want a short one", len(reason.Detail))
			}
			if e.meter.steps > e.meter.limits.StepsPerEvent+1 {
				t.Errorf("got %d steps charged, want it stopped at the limit", e.meter.steps)
			}
			if len(e.agents.byID) != 0 || len(e.alarms) != 0 {
				t.Errorf("got agents %v, alarms %v left behind", e.agents.byID, e.alarms)
			}
		})
	}
}

// TestOtherEncodings: a term has one encoding; UnmarshalTerm rejects any other.
func TestOtherEncodings(t *testing.T) {
	for name, data := range map[string][]byte{
		"a long integer":       {0x82, 0x00, 0x18, 0x01},
		"a long kind":          {0x82, 0x18, 0x00, 0x01},
		"a long float":         {0x82, 0x01, 0xfa, 0x3f, 0xc0, 0x00, 0x00},
		"a long string length": {0x82, 0x02, 0x78, 0x01, 'a'},
		"a long array length":  {0x98, 0x02, 0x03, 0x61, 'a'},
		"bytes after the end":  {0x82, 0x00, 0x01, 0x00},
	} {
		if term, err := UnmarshalTerm(data, Limits{}); err == nil {
			t.Errorf("%s: got %s, want an error", name, term)
		}
	}
	for _, want := range []Term{Int(1), Float(1.5), String("a"), Atom("a")} {
		data, err := MarshalTerm(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := UnmarshalTerm(data, Limits{}); err != nil || !Equal(got, want) {
			t.Errorf("got %v (%v), want %s", got, err, want)
		}
	}
}

// FuzzUnmarshalTerm: bytes give an error, or are the only encoding of a term within the
// limits.
func FuzzUnmarshalTerm(f *testing.F) {
	for _, t := range []Term{
		Int(-7), Float(0.5), String("a\n"), Atom("[]"), NewTerm("f", Int(1), Nil), List(Int(1), NewTerm("g", List(Atom("x")))),
		&Compound{Functor: Cons, Args: []Term{Int(1), Int(2)}}, NewTerm("r", &Var{Name: "X"}),
	} {
		data, err := MarshalTerm(t)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		term, err := UnmarshalTerm(data, Limits{})
		if err != nil {
			return
		}
		again, err := MarshalTerm(term)
		if err != nil || string(again) != string(data) {
			t.Fatalf("got %x (%v) for %s, want %x", again, err, term, data)
		}
		limits := defaultLimits
		if _, code, detail := limits.refuse(term, true); code != "" {
			t.Fatalf("%s was taken: %s %s", term, code, detail)
		}
	})
}
