package lcc

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// genTerm draws a term with at most this depth, with variables from a pool.
func genTerm(vars []*Var, depth int) *rapid.Generator[Term] {
	return rapid.Custom(func(t *rapid.T) Term {
		most := 6
		if depth == 0 {
			most = 4
		}
		switch kind := rapid.IntRange(0, most).Draw(t, "kind"); {
		case kind == 0:
			return Int(rapid.Int64().Draw(t, "int"))
		case kind == 1:
			f := rapid.Float64().Draw(t, "float")
			if math.IsNaN(f) || math.IsInf(f, 0) {
				f = 0.5
			}
			return Float(f)
		case kind == 2:
			return String(rapid.String().Draw(t, "string"))
		case kind == 3:
			return Atom(rapid.SampledFrom([]string{"a", "lamp", "[]", "then", "Odd name", "it's", "p1", "x\\y", "é", "mod", "-", ""}).Draw(t,
				"atom"))
		case kind == 4:
			if len(vars) == 0 {
				return Nil
			}
			return rapid.SampledFrom(vars).Draw(t, "var")
		case kind == 5:
			args := rapid.SliceOfN(genTerm(vars, depth-1), 1, 3).Draw(t, "args")
			return NewTerm(rapid.SampledFrom([]string{"f", "need", "+", "-", "*", "/", "mod", "Big F", "not", "in"}).Draw(t, "functor"), args...)
		}
		return List(rapid.SliceOfN(genTerm(vars, depth-1), 1, 4).Draw(t, "items")...)
	})
}

func newMeter() *meter {
	limits, err := Limits{}.withDefaults()
	if err != nil {
		panic(err)
	}
	return &meter{limits: limits}
}

// TestTextOfTermsReadsBack: ParseTerm inverts String.
func TestTextOfTermsReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		term := genTerm(nil, 4).Draw(t, "term")
		text := term.String()
		back, err := ParseTerm(text)
		if err != nil {
			t.Fatalf("got an error for %s: %v", text, err)
		}
		if !Equal(term, back) {
			t.Fatalf("got %s, want %s", back, text)
		}
	})
}

// TestTermsTravel: encoding and decoding keep terms, and equal terms have equal bytes.
func TestTermsTravel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		term := genTerm([]*Var{{Name: "X"}}, 4).Draw(t, "term")
		data, err := MarshalTerm(term)
		if err != nil {
			t.Fatalf("got an error for %s: %v", term, err)
		}
		back, err := UnmarshalTerm(data, Limits{})
		if err != nil {
			t.Fatalf("got an error for %s: %v", term, err)
		}
		if got, want := back.String(), term.String(); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		again, err := MarshalTerm(back)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("got %x (%v), want %x", again, err, data)
		}
		if len(data) > encodedSize(term) {
			t.Fatalf("got %d bytes, want at most %d", len(data), encodedSize(term))
		}
	})
}

// TestHostileBytes: any bytes give an error, or a term that can be encoded again.
func TestHostileBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		if rapid.Bool().Draw(t, "damaged") {
			whole, err := MarshalTerm(genTerm(nil, 3).Draw(t, "term"))
			if err != nil {
				t.Fatal(err)
			}
			whole[rapid.IntRange(0, len(whole)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
			data = whole
		}
		term, err := UnmarshalTerm(data, Limits{})
		if err != nil {
			return
		}
		again, err := MarshalTerm(term)
		if err != nil {
			t.Fatalf("got an error for %s: %v", term, err)
		}
		back, err := UnmarshalTerm(again, Limits{})
		if err != nil || back.String() != term.String() {
			t.Fatalf("got %v (%v), want %s", back, err, term)
		}
	})
}

// TestUnification: unification makes two terms equal or leaves both unchanged, and it
// is symmetric.
func TestUnification(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vars := []*Var{{Name: "X"}, {Name: "Y"}, {Name: "Z"}}
		a := genTerm(vars, 3).Draw(t, "a")
		b := genTerm(vars, 3).Draw(t, "b")
		before := [2]string{a.String(), b.String()}
		m, tr := newMeter(), &trail{}
		forth := m.unify(tr, a, b)
		if forth && !Equal(a, b) {
			t.Fatalf("got %s and %s, want them equal", a, b)
		}
		tr.undo(0)
		if after := [2]string{a.String(), b.String()}; after != before {
			t.Fatalf("got %v after undo, want %v", after, before)
		}
		back := m.unify(tr, b, a)
		tr.undo(0)
		if forth != back {
			t.Fatalf("got %v one way and %v the other", forth, back)
		}
	})
}

// TestNoCyclicTerm: no binding makes a term contain itself, through any number of
// variables.
func TestNoCyclicTerm(t *testing.T) {
	x, y := &Var{Name: "X"}, &Var{Name: "Y"}
	m, tr := newMeter(), &trail{}
	if m.unify(tr, NewTerm("f", x, y), NewTerm("f", NewTerm("g", y), NewTerm("g", x))) {
		t.Errorf("got X = g(Y), Y = g(X), want a failure")
	}
	tr.undo(0)
	for range 2 {
		if !m.unify(tr, x, y) {
			t.Errorf("got a failure of X = Y, want that it holds, once it holds too")
		}
	}
}

// TestMatchIsUnify: match is unify with a template instead of a term.
func TestMatchIsUnify(t *testing.T) {
	names := []string{"X", "Y", "Z"}
	rapid.Check(t, func(t *rapid.T) {
		vars := []*Var{{Name: "X"}, {Name: "Y"}, {Name: "Z"}}
		pat := genTerm(vars, 3).Draw(t, "pattern")
		value := genTerm(nil, 3).Draw(t, "value")
		if rapid.Bool().Draw(t, "instance") {
			value = substitute(pat, vars, []Term{value, Atom("b"), Int(3)})
		}
		m, tr := newMeter(), &trail{}
		f := newFrame(names)
		got := m.match(tr, template(pat, vars), f, value, true)
		matched := ""
		if got {
			matched = m.resolve(m.term(template(pat, vars), f)).String()
		}
		tr.undo(0)
		for i, v := range f.vars {
			if v != nil && deref(v) == v {
				continue
			}
			if v != nil {
				t.Fatalf("slot %d holds %v after undo, want nothing", i, v)
			}
		}
		want := m.unify(tr, pat, value)
		if got != want || got && matched != m.resolve(pat).String() {
			t.Fatalf("got %v (%s), want %v (%s)", got, matched, want, pat)
		}
	})
}

// template converts a term with variables to the template of a clause.
func template(t Term, vars []*Var) Term {
	switch t := t.(type) {
	case *Var:
		for i, v := range vars {
			if v == t {
				return slot(i)
			}
		}
	case *Compound:
		var args []Term
		for _, arg := range t.Args {
			args = append(args, template(arg, vars))
		}
		return compound(t.Functor, args)
	}
	return t
}

func substitute(t Term, vars []*Var, values []Term) Term {
	switch t := t.(type) {
	case *Var:
		for i, v := range vars {
			if v == t {
				return values[i]
			}
		}
	case *Compound:
		c := &Compound{Functor: t.Functor}
		for _, arg := range t.Args {
			c.Args = append(c.Args, substitute(arg, vars, values))
		}
		return c
	}
	return t
}

// TestCompareOrders: Compare is antisymmetric and transitive, and 0 means Equal.
func TestCompareOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := genTerm(nil, 2).Draw(t, "a")
		b := genTerm(nil, 2).Draw(t, "b")
		c := genTerm(nil, 2).Draw(t, "c")
		if Compare(a, b) != -Compare(b, a) {
			t.Fatalf("got %d and %d for %s and %s", Compare(a, b), Compare(b, a), a, b)
		}
		if (Compare(a, b) == 0) != Equal(a, b) {
			t.Fatalf("got order %d of %s and %s, which are equal: %v", Compare(a, b), a, b, Equal(a, b))
		}
		if Compare(a, b) <= 0 && Compare(b, c) <= 0 && Compare(a, c) > 0 {
			t.Fatalf("got %s =< %s =< %s, but the first after the last", a, b, c)
		}
	})
}
