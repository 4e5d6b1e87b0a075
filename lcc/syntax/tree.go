package syntax

import "fmt"

// File is one LCC text, in its original order.
type File struct {
	Name  string
	Items []Item
	Ends  []int // for each item the offset behind its last sign
	// Faulty says for each item that it has an error: only its head is as it was meant.
	Faulty []bool
	// Lost says that there are items of which not even the head could be read, so that it is
	// not known what else the text defines.
	Lost bool
	// Unread are the heads of the items that could not be parsed, when the head itself
	// could: they are defined, with unknown content.
	Unread []*Const
	// Comments are the comments of the text, in order. They belong to no node; the
	// formatter places them by position.
	Comments []Comment
}

// Comment is a comment with its delimiters: // or % up to the end of the line, or /*
// */.
type Comment struct {
	Position
	Text string
	// Trailing says that the comment belongs to the text before it on its line. After
	// an opening parenthesis or "or" it does not.
	Trailing bool
	// Percent says that the comment is a % that touches the number before it, which
	// somebody may have meant as a unit.
	Percent bool
	last    bool // a closing parenthesis comes next
	inside  bool // it stands among the arguments of a term, or in a list
}

// Item is a *RoleDecl, an *Annotation, a *Clause or a *Rule (a fact is a Rule
// without a body).
type Item interface {
	Node
	isItem()
}

// Node is anything with a position in the text.
type Node interface{ Pos() Position }

// Position is a position in a text. Line and Column count from 1, Column in characters;
// Offset counts bytes from 0.
type Position struct {
	File         string
	Line, Column int
	Offset       int
	Imported     bool // the file is a library of the text, as a mark says
}

// Pos returns p; it makes every struct that embeds a Position a Node.
func (p Position) Pos() Position { return p }

// Place is the line as people are told it, with the library that it is a line of.
func (p Position) Place() string {
	if p.Imported {
		return fmt.Sprintf("line %d of %s", p.Line, p.File)
	}
	return fmt.Sprintf("line %d", p.Line)
}

// Library is the library that the line is one of; "": it is one of the text itself.
func (p Position) Library() string {
	if p.Imported {
		return p.File
	}
	return ""
}

// at lets relocate change the position of any node.
func (p *Position) at() *Position { return p }

// RoleDecl is r(role, kind, min, max).
type RoleDecl struct {
	Position
	Role     *Const
	Kind     string // initial, necessary, optional, auxiliary, cyclic, uncommitted
	Min, Max int    // -1 when not given
}

// Annotation is @name(arguments). It is kept and printed.
type Annotation struct {
	Position
	Name string
	Args []Term
}

// Clause is a(Role, ID) :: Body.
type Clause struct {
	Position
	Agent *Agent
	Body  Def
}

// Rule is Head :- Body., or the fact Head. when Body is nil.
type Rule struct {
	Position
	Head *Const
	Body Cons
}

// Agent is a(Role, ID).
type Agent struct {
	Position
	Role Term // *Const or *Var; for the sender of a receive also *Wildcard
	ID   Term // *Var, *Wildcard, *Const, *Str or *ListTerm
}

// Def is the body of a clause: *Then, *Or, *Par, or an event: *Null, *Send, *Receive,
// *Enter, *Do.
type Def interface {
	Node
	isDef()
}

type (
	// Then is First then Rest. Right associative.
	Then struct {
		Position
		First, Rest Def
	}
	// Or is a committed choice of at least two branches, tried in order. Mixed says
	// that it is combined with "then" without parentheses.
	Or struct {
		Position
		Branches []Def
		Mixed    bool
	}
	// Par runs at least two branches interleaved. Mixed says that it is combined with
	// "then" or "or" without parentheses.
	Par struct {
		Position
		Branches []Def
		Mixed    bool
	}
	// Null is null <- Guard.
	Null struct {
		Position
		Guard Cons // nil when there is none
	}
	// Send is Message => To <- Guard.
	Send struct {
		Position
		Message Term
		To      *Agent
		Guard   Cons
	}
	// Receive is Effect <- Message <= From <- Guard. Guard filters: only a message that
	// satisfies it is taken. Effect must hold afterwards.
	Receive struct {
		Position
		Message Term
		From    *Agent
		Guard   Cons
		Effect  Cons
	}
	// Enter is a change of role, a(Role, ID) <- Guard.
	Enter struct {
		Position
		Agent *Agent
		Guard Cons
	}
	// Do is a local action, Goal <- Guard.
	Do struct {
		Position
		Goal  Cons
		Guard Cons
	}
)

// Cons is a constraint: *And, *Disj, *Not, *Compare, *Call.
type Cons interface {
	Node
	isCons()
}

type (
	// And is a conjunction of at least two literals.
	And struct {
		Position
		Parts []Cons
	}
	// Disj is a disjunction of at least two parts. Or is the choice of events.
	Disj struct {
		Position
		Parts []Cons
	}
	// Not is negation as failure.
	Not struct {
		Position
		Part Cons
	}
	// Compare is Left Op Right; Op is one of = == != < > =< >= is in.
	Compare struct {
		Position
		Op          string
		Left, Right Term
	}
	// Call is p(T1, ..., Tn).
	Call struct {
		Position
		Goal *Const
	}
)

// Term is *Var, *Wildcard, *IntTerm, *FloatTerm, *Str, *Const, *ListTerm or *Goal. Arithmetic is
// a Const whose functor is the operator: X + 1 is +(X, 1), -X is -(X).
type Term interface {
	Node
	isTerm()
}

type (
	// Var is a variable, local to its clause or rule.
	Var struct {
		Position
		Name string
	}
	// Wildcard is _; each occurrence is a separate variable.
	Wildcard struct{ Position }
	// IntTerm is an integer literal.
	IntTerm struct {
		Position
		Value int64
	}
	// FloatTerm is a literal with a point or an exponent.
	FloatTerm struct {
		Position
		Value float64
	}
	// Str is a string in double quotes; Value excludes them.
	Str struct {
		Position
		Value string
	}
	// Const is a constant or a functor with arguments; p() has none.
	Const struct {
		Position
		Name string
		Args []Term
	}
	// ListTerm is [Items | Tail]; Tail is nil for a proper list.
	ListTerm struct {
		Position
		Items []Term
		Tail  Term
	}
	// Goal is a constraint in the place of an argument: a comparison, a negation, a
	// conjunction or a disjunction. A call is a Const there.
	Goal struct {
		Position
		Cons Cons
	}
)

func (*RoleDecl) isItem()   {}
func (*Annotation) isItem() {}
func (*Clause) isItem()     {}
func (*Rule) isItem()       {}

func (*Then) isDef()    {}
func (*Or) isDef()      {}
func (*Par) isDef()     {}
func (*Null) isDef()    {}
func (*Send) isDef()    {}
func (*Receive) isDef() {}
func (*Enter) isDef()   {}
func (*Do) isDef()      {}

func (*And) isCons()     {}
func (*Disj) isCons()    {}
func (*Not) isCons()     {}
func (*Compare) isCons() {}
func (*Call) isCons()    {}

func (*Var) isTerm()       {}
func (*Wildcard) isTerm()  {}
func (*IntTerm) isTerm()   {}
func (*FloatTerm) isTerm() {}
func (*Str) isTerm()       {}
func (*Const) isTerm()     {}
func (*ListTerm) isTerm()  {}
func (*Goal) isTerm()      {}
