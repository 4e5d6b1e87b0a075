package lcc

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley/internal/cborstrict"
)

// This file holds the codec of terms against one that is made with the CBOR library.

// wireDepth is the CBOR nesting that a term of Limits.TermDepth may need: a list inside
// a term takes two levels.
const wireDepth = 2*64 + 8

var wireWriter, wireReader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: wireDepth, Elements: 8192, Pairs: 16,
	Later: true})

// marshalByLibrary is MarshalTerm with the CBOR library.
func marshalByLibrary(t Term) ([]byte, error) {
	wire, err := toWire(t, 0)
	if err != nil {
		return nil, err
	}
	return wireWriter.Marshal(wire)
}

func toWire(t Term, depth int) ([]any, error) {
	if depth > defaultLimits.TermDepth {
		return nil, fmt.Errorf("lcc: encode: a term nested deeper than %d", defaultLimits.TermDepth)
	}
	switch t := deref(t).(type) {
	case Int:
		return []any{kindInt, int64(t)}, nil
	case Float:
		return []any{kindFloat, float64(t)}, nil
	case String:
		return []any{kindString, string(t)}, nil
	case Atom:
		return []any{kindAtom, string(t)}, nil
	case *Var:
		return []any{kindVar, t.Name}, nil
	case *Compound:
		return compoundToWire(t, depth)
	}
	return nil, fmt.Errorf("lcc: encode: %T is not a term", t)
}

func compoundToWire(t *Compound, depth int) ([]any, error) {
	if t.Functor != Cons || len(t.Args) != 2 {
		wire := []any{kindCompound, t.Functor}
		for _, arg := range t.Args {
			inner, err := toWire(arg, depth+1)
			if err != nil {
				return nil, err
			}
			wire = append(wire, inner)
		}
		return wire, nil
	}
	var items []any
	var tail Term = t
	for {
		cell, ok := deref(tail).(*Compound)
		if !ok || cell.Functor != Cons || len(cell.Args) != 2 {
			break
		}
		inner, err := toWire(cell.Args[0], depth+1)
		if err != nil {
			return nil, err
		}
		items, tail = append(items, inner), cell.Args[1]
	}
	end, err := toWire(tail, depth+1)
	if err != nil {
		return nil, err
	}
	return []any{kindList, items, end}, nil
}

// unmarshalByLibrary is UnmarshalTerm with the CBOR library.
func unmarshalByLibrary(data []byte, limits Limits) (Term, error) {
	limits, err := limits.withDefaults()
	if err != nil {
		return nil, err
	}
	if len(data) > limits.MessageBytes {
		return nil, fmt.Errorf("lcc: decode: %d bytes, more than %d", len(data), limits.MessageBytes)
	}
	var wire any
	if err := wireReader.Unmarshal(data, &wire); err != nil {
		return nil, fmt.Errorf("lcc: decode: %w", err)
	}
	t, err := fromWire(wire, limits, 0)
	if err != nil {
		return nil, err
	}
	// A term has exactly one encoding, so comparing or signing bytes compares or signs
	// terms.
	if again, err := wireWriter.Marshal(wire); err != nil || !bytes.Equal(again, data) {
		return nil, fmt.Errorf("lcc: decode: not the deterministic encoding of its term")
	}
	return t, nil
}

func fromWire(wire any, limits Limits, depth int) (Term, error) {
	parts, ok := wire.([]any)
	if !ok || len(parts) < 2 {
		return nil, fmt.Errorf("lcc: decode: a term is an array of a kind and a value")
	}
	if depth > limits.TermDepth {
		return nil, fmt.Errorf("lcc: decode: a term nested deeper than %d", limits.TermDepth)
	}
	kind, ok := parts[0].(uint64)
	if !ok {
		return nil, fmt.Errorf("lcc: decode: the kind of a term is %v", parts[0])
	}
	switch {
	case kind == kindCompound:
		return compoundFromWire(parts, limits, depth)
	case kind == kindList && len(parts) == 3:
		return listFromWire(parts, limits, depth)
	case len(parts) == 2:
		return atomicFromWire(kind, parts[1], limits)
	}
	return nil, fmt.Errorf("lcc: decode: a term of kind %d with %d parts", kind, len(parts))
}

func atomicFromWire(kind uint64, value any, limits Limits) (Term, error) {
	switch value := value.(type) {
	case uint64:
		if kind == kindInt && value <= math.MaxInt64 {
			return Int(value), nil
		}
	case int64:
		if kind == kindInt {
			return Int(value), nil
		}
	case float64:
		if kind == kindFloat && !math.IsNaN(value) && !math.IsInf(value, 0) {
			return Float(value), nil
		}
	case string:
		if len(value) > limits.StringBytes || !utf8.ValidString(value) {
			return nil, fmt.Errorf("lcc: decode: a string of %d bytes, more than %d, or not UTF-8", len(value), limits.StringBytes)
		}
		switch kind {
		case kindString:
			return String(value), nil
		case kindAtom:
			return Atom(value), nil
		case kindVar:
			return &Var{Name: value}, nil
		}
	}
	return nil, fmt.Errorf("lcc: decode: %T is not the value of a term of kind %d", value, kind)
}

func compoundFromWire(parts []any, limits Limits, depth int) (Term, error) {
	functor, ok := parts[1].(string)
	if !ok || len(parts) < 3 || len(functor) > limits.StringBytes || functor == Cons {
		return nil, fmt.Errorf("lcc: decode: a compound term without a functor, without arguments, or a list in disguise")
	}
	args := make([]Term, len(parts)-2)
	for i := range args {
		var err error
		if args[i], err = fromWire(parts[i+2], limits, depth+1); err != nil {
			return nil, err
		}
	}
	return NewTerm(functor, args...), nil
}

func listFromWire(parts []any, limits Limits, depth int) (Term, error) {
	items, ok := parts[1].([]any)
	if !ok || len(items) == 0 || len(items) > limits.ListItems {
		return nil, fmt.Errorf("lcc: decode: a list of %d items: from 1 to %d", len(items), limits.ListItems)
	}
	list, err := fromWire(parts[2], limits, depth+1)
	if err != nil {
		return nil, err
	}
	if cell, ok := list.(*Compound); ok && cell.Functor == Cons {
		return nil, fmt.Errorf("lcc: decode: a list whose tail is a list")
	}
	for i := len(items) - 1; i >= 0; i-- {
		item, err := fromWire(items[i], limits, depth+1)
		if err != nil {
			return nil, err
		}
		list = &Compound{Functor: Cons, Args: []Term{item, list}}
	}
	return list, nil
}

// sameCodec decodes bytes both ways.
func sameCodec(t interface{ Fatalf(string, ...any) }, data []byte) (accepted bool) {
	want, refused := unmarshalByLibrary(data, Limits{})
	got, err := UnmarshalTerm(data, Limits{})
	if (err == nil) != (refused == nil) {
		t.Fatalf("%x: got %v, %v, by the library %v, %v", data, got, err, want, refused)
	}
	if err == nil && got.String() != want.String() {
		t.Fatalf("%x: got %s, by the library %s", data, got, want)
	}
	return err == nil
}

// TestCodecIsTheLibrarys encodes terms both ways, and decodes what is left of them after
// bits and bytes were changed.
func TestCodecIsTheLibrarys(t *testing.T) {
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		term := genTerm([]*Var{{Name: "X"}, {Name: "Y"}}, 4).Draw(t, "term")
		want, err := marshalByLibrary(term)
		if err != nil {
			t.Fatal(err)
		}
		data, err := MarshalTerm(term)
		if err != nil || !bytes.Equal(data, want) {
			t.Fatalf("%s: got %x, %v, by the library %x", term, data, err, want)
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(data)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "change") {
			case 0:
				data[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			case 1:
				data = append(data[:at:at], data[at+1:]...)
			case 2:
				data = append(data[:at:at], append([]byte{rapid.Byte().Draw(t, "byte")}, data[at:]...)...)
			}
			if len(data) == 0 {
				break
			}
		}
		if sameCodec(t, data) {
			accepted++
		} else {
			refused++
		}
	})
	if accepted == 0 || refused == 0 {
		t.Errorf("got %d accepted and %d refused: the test shows nothing", accepted, refused)
	}
}

// FuzzCodec gives any bytes to both.
func FuzzCodec(f *testing.F) {
	for _, t := range []Term{Int(-1), Float(0.1), String("s"), Nil, List(Int(1), NewTerm("f", &Var{Name: "X"}))} {
		data, err := MarshalTerm(t)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { sameCodec(t, data) })
}
