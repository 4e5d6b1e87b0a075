package lcc

import (
	"bytes"
	"fmt"
	"math"
	"parley/internal/cborstrict"
	"unicode/utf8"
)

// Terms are encoded as CBOR arrays [kind, ...], in the deterministic encoding of RFC
// 8949 section 4.2, so equal terms have equal bytes:
//
//	[0, int]  [1, float]  [2, string]  [3, atom]  [4, functor, arg, ...]
//	[5, [item, ...], tail]    a list: its spine is not nested
//	[6, name]                 an unbound variable, in a role pattern only
const (
	kindInt = iota
	kindFloat
	kindString
	kindAtom
	kindCompound
	kindList
	kindVar
)

// wireDepth is the CBOR nesting that a term of Limits.TermDepth may need: a list inside
// a term takes two levels.
const wireDepth = 2*64 + 8

var wireWriter, wireReader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: wireDepth, Elements: 8192, Pairs: 16,
	Later: true})

// MarshalTerm encodes a term with a depth of at most 64.
func MarshalTerm(t Term) ([]byte, error) {
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

// UnmarshalTerm decodes a term. It rejects a term that exceeds a limit before it
// allocates memory for it, and bytes that MarshalTerm would not produce. Zero limits
// mean the defaults.
func UnmarshalTerm(data []byte, limits Limits) (Term, error) {
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

// encodedSize returns an upper bound of the length of MarshalTerm's result without
// encoding. The term is resolved, so its depth is bounded.
func encodedSize(t Term) int {
	switch t := deref(t).(type) {
	case String:
		return len(t) + 8
	case Atom:
		return len(t) + 8
	case *Var:
		return len(t.Name) + 8
	case *Compound:
		size := len(t.Functor) + 12
		for {
			size += encodedSize(t.Args[0]) + 1
			tail, ok := t, false
			if t.Functor == Cons && len(t.Args) == 2 {
				tail, ok = deref(t.Args[1]).(*Compound)
			}
			if !ok || tail.Functor != Cons {
				for _, arg := range t.Args[1:] {
					size += encodedSize(arg)
				}
				return size
			}
			t = tail
		}
	}
	return 12
}

// termCells counts the cells of terms as the meter charges them.
func termCells(terms []Term) int {
	cells := 0
	stack := append([]Term(nil), terms...)
	for len(stack) > 0 {
		top := deref(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		cells++
		if c, ok := top.(*Compound); ok {
			stack = append(stack, c.Args...)
		}
	}
	return cells
}
