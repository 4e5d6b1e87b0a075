package lcc

import (
	"errors"
	"fmt"

	"parley/internal/cborstrict"
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

// termParts bounds the parts of an encoded term, and with them the arguments.
const termParts = 8192

// MarshalTerm encodes a term with a depth of at most 64.
func MarshalTerm(t Term) ([]byte, error) { return AppendTerm(make([]byte, 0, 32), t) }

// AppendTerm appends what MarshalTerm returns.
func AppendTerm(b []byte, t Term) ([]byte, error) { return appendTerm(b, t, 0) }

func appendTerm(b []byte, t Term, depth int) ([]byte, error) {
	if depth > defaultLimits.TermDepth {
		return nil, fmt.Errorf("lcc: encode: a term nested deeper than %d", defaultLimits.TermDepth)
	}
	switch t := deref(t).(type) {
	case Int:
		return cborstrict.AppendInt(appendKind(b, kindInt, 2), int64(t)), nil
	case Float:
		return cborstrict.AppendFloat(appendKind(b, kindFloat, 2), float64(t)), nil
	case String:
		return cborstrict.AppendText(appendKind(b, kindString, 2), string(t)), nil
	case Atom:
		return cborstrict.AppendText(appendKind(b, kindAtom, 2), string(t)), nil
	case *Var:
		return cborstrict.AppendText(appendKind(b, kindVar, 2), t.Name), nil
	case *Compound:
		if isCell(t) {
			return appendList(b, t, depth)
		}
		b = cborstrict.AppendText(appendKind(b, kindCompound, 2+len(t.Args)), t.Functor)
		for _, arg := range t.Args {
			var err error
			if b, err = appendTerm(b, arg, depth+1); err != nil {
				return nil, err
			}
		}
		return b, nil
	}
	return nil, fmt.Errorf("lcc: encode: %T is not a term", t)
}

// appendKind begins a term of so many parts, the kind included.
func appendKind(b []byte, kind uint64, parts int) []byte {
	return cborstrict.AppendUint(cborstrict.AppendHead(b, cborstrict.Array, uint64(parts)), kind)
}

func appendList(b []byte, list *Compound, depth int) ([]byte, error) {
	items := 0
	var tail Term = list
	for cell := cellOf(tail); cell != nil; cell = cellOf(tail) {
		items, tail = items+1, cell.Args[1]
	}
	b = cborstrict.AppendHead(appendKind(b, kindList, 3), cborstrict.Array, uint64(items))
	var err error
	tail = list
	for cell := cellOf(tail); cell != nil; cell = cellOf(tail) {
		if b, err = appendTerm(b, cell.Args[0], depth+1); err != nil {
			return nil, err
		}
		tail = cell.Args[1]
	}
	return appendTerm(b, tail, depth+1)
}

// cellOf returns a term as a cell of a list; nil when it is none.
func cellOf(t Term) *Compound {
	if c, ok := deref(t).(*Compound); ok && isCell(c) {
		return c
	}
	return nil
}

// UnmarshalTerm decodes a term. It rejects a term that exceeds a limit before it
// allocates memory for it, and bytes that MarshalTerm would not produce: a term has
// exactly one encoding, so comparing or signing bytes compares or signs terms. Zero limits
// mean the defaults.
func UnmarshalTerm(data []byte, limits Limits) (Term, error) {
	limits, err := limits.withDefaults()
	if err != nil {
		return nil, err
	}
	if len(data) > limits.MessageBytes {
		return nil, fmt.Errorf("lcc: decode: %d bytes, more than %d", len(data), limits.MessageBytes)
	}
	r := termReader{Parser: cborstrict.Parser{Data: data}, limits: &limits}
	t := r.term(0)
	if err := r.End(); err != nil {
		return nil, fmt.Errorf("lcc: decode: %w", err)
	}
	return t, nil
}

// termReader reads terms within limits.
type termReader struct {
	cborstrict.Parser
	limits *Limits
}

func (r *termReader) term(depth int) Term {
	if depth > r.limits.TermDepth {
		r.Fail(fmt.Errorf("a term nested deeper than %d", r.limits.TermDepth))
		return nil
	}
	parts := r.Count(cborstrict.Array, termParts)
	switch kind := r.Uint(); {
	case r.Err != nil:
	case kind == kindCompound && parts > 2:
		return r.compound(parts-2, depth)
	case kind == kindList && parts == 3:
		return r.list(depth)
	case parts != 2:
		r.Fail(fmt.Errorf("a term of kind %d with %d parts", kind, parts))
	default:
		return r.atomic(kind)
	}
	return nil
}

func (r *termReader) atomic(kind uint64) Term {
	switch kind {
	case kindInt:
		return Int(r.Int())
	case kindFloat:
		return Float(r.Float())
	case kindString:
		return String(r.Text(r.limits.StringBytes))
	case kindAtom:
		return Atom(r.Text(r.limits.StringBytes))
	case kindVar:
		return &Var{Name: r.Text(r.limits.StringBytes)}
	}
	r.Fail(fmt.Errorf("a term of the unknown kind %d", kind))
	return nil
}

func (r *termReader) compound(arity, depth int) Term {
	functor := r.Text(r.limits.StringBytes)
	if functor == Cons {
		r.Fail(errors.New("a compound term that is a list in disguise"))
	}
	if arity > len(r.Data) { // each argument takes a byte at least
		r.Fail(errors.New("a compound term that claims more arguments than there are bytes"))
		return nil
	}
	c := newCompound(functor, arity)
	for i := range c.Args {
		if c.Args[i] = r.term(depth + 1); r.Err != nil {
			return nil
		}
	}
	return c
}

func (r *termReader) list(depth int) Term {
	items := make([]Term, r.Count(cborstrict.Array, r.limits.ListItems))
	if len(items) == 0 {
		r.Fail(errors.New("a list without items"))
	}
	for i := range items {
		if items[i] = r.term(depth + 1); r.Err != nil {
			return nil
		}
	}
	tail := r.term(depth + 1)
	if c, ok := tail.(*Compound); ok && c.Functor == Cons {
		r.Fail(errors.New("a list whose tail is a list"))
	}
	if r.Err != nil {
		return nil
	}
	return listOf(items, tail)
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
	var few [8]Term // most terms are small
	stack := append(few[:0], terms...)
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
