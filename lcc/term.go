package lcc

// Term is an immutable value of the calculus: what a message carries, what a
// constraint is asked with, what a role is parametrised by. The implementations
// are Int, Float, String, Atom, *Compound and *Var; a switch over these six is
// complete. A Term that left the engine (a message, a goal, a role in an
// effect) is ground unless its documentation says otherwise.
type Term interface {
	isTerm()
	// String returns the term in LCC's own notation; the text parses back to
	// an equal term.
	String() string
}

// Int is an integer. Arithmetic on it is checked: an overflow is a failure of
// the constraint, never a wrap.
type Int int64

// Float is a finite IEEE 754 double. NaN and infinities are not terms.
type Float float64

// String is text in double quotes; at most Limits.StringBytes long.
type String string

// Atom is a constant without arguments: lamp, idle, []. "p()" is the atom p.
type Atom string

// Compound is a functor with one argument or more. Lists are cells of the
// functor Cons with two arguments, closed by Nil.
type Compound struct {
	Functor string
	Args    []Term
}

// Var is an unbound variable that appears in a term which is not ground, such
// as a goal handed to a World. Two occurrences of one variable are one pointer.
type Var struct {
	Name string
	// bound is the value within the engine; a Var that left it is unbound.
	bound Term
}

const (
	// Cons is the functor of a list cell, [Head|Tail].
	Cons = "."
	// Nil is the empty list.
	Nil = Atom("[]")
)

func (Int) isTerm()       {}
func (Float) isTerm()     {}
func (String) isTerm()    {}
func (Atom) isTerm()      {}
func (*Compound) isTerm() {}
func (*Var) isTerm()      {}

// NewTerm returns functor(args...), or the atom when there is no argument.
func NewTerm(functor string, args ...Term) Term {
	if len(args) == 0 {
		return Atom(functor)
	}
	return &Compound{Functor: functor, Args: args}
}

// List returns the proper list of items.
func List(items ...Term) Term {
	var list Term = Nil
	for i := len(items) - 1; i >= 0; i-- {
		list = &Compound{Functor: Cons, Args: []Term{items[i], list}}
	}
	return list
}

// Slice returns the items of a proper list; ok is false when t is not one.
func Slice(t Term) (items []Term, ok bool) {
	for {
		switch cell := t.(type) {
		case Atom:
			return items, cell == Nil
		case *Compound:
			if cell.Functor != Cons || len(cell.Args) != 2 {
				return nil, false
			}
			items = append(items, cell.Args[0])
			t = cell.Args[1]
		default:
			return nil, false
		}
	}
}

// Name returns the functor and the arguments of an atom or a compound term;
// ok is false for every other term.
func Name(t Term) (functor string, args []Term, ok bool) {
	switch t := t.(type) {
	case Atom:
		return string(t), nil, true
	case *Compound:
		return t.Functor, t.Args, true
	}
	return "", nil, false
}
