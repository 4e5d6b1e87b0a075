package lcc

// Term is an immutable value of the calculus: the content of a message, an argument of
// a constraint or of a role. The implementations are Int, Float, String, Atom,
// *Compound and *Var; a switch over these six is complete. A Term that leaves the
// engine (a message, a goal, a role in an effect) is ground unless its documentation
// says otherwise.
type Term interface {
	isTerm()
	// String returns the term in LCC notation; parsing it gives an equal term.
	String() string
}

// Int is an integer. Its arithmetic is checked: an overflow fails the constraint and
// never wraps.
type Int int64

// Float is a finite IEEE 754 double. NaN and infinities are not terms.
type Float float64

// String is text in double quotes; at most Limits.StringBytes long.
type String string

// Atom is a constant without arguments: lamp, idle, []. "p()" is the atom p.
type Atom string

// Compound is a functor with at least one argument. A list is made of cells with the
// functor Cons and two arguments, and ends with Nil.
type Compound struct {
	Functor string
	Args    []Term
}

// Var is an unbound variable in a term that is not ground, such as a goal passed to a
// World. All occurrences of one variable are the same pointer.
type Var struct {
	Name string
	// bound is the value within the engine; a Var outside the engine is unbound.
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

// NewTerm returns functor(args...), or the atom when there are no arguments.
func NewTerm(functor string, args ...Term) Term {
	if len(args) == 0 {
		return Atom(functor)
	}
	return &Compound{Functor: functor, Args: args}
}

// List returns the proper list of items.
func List(items ...Term) Term { return listOf(items, Nil) }

// listOf returns the items before a tail. Its cells are mostly needed together, so they
// are allocated together.
func listOf(items []Term, tail Term) Term {
	const together = 32
	for len(items) > 0 {
		n := min(len(items), together)
		cells := make([]struct {
			Compound
			space [2]Term
		}, n)
		first := len(items) - n
		for i := n - 1; i >= 0; i-- {
			c := &cells[i]
			c.Functor, c.Args = Cons, c.space[:]
			c.space[0], c.space[1] = items[first+i], tail
			tail = &c.Compound
		}
		items = items[:first]
	}
	return tail
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
