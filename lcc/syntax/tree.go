package syntax

// File is one text in LCC, in the order in which it was written.
type File struct {
	Name  string
	Items []Item
	// Unread are the heads of the items that could not be read, where they
	// could: what they define is there, and it is not known what it does.
	Unread []*Const
	// Comments are those of the text, in its order. They belong to no node:
	// the formatter puts them back by their places.
	Comments []Comment
}

// Comment is a comment with its signs: // or % up to the end of the line, or
// /* */.
type Comment struct {
	Position
	Text string
	// Trailing says that it stands behind something on its line, and belongs
	// to that. After an opening parenthesis or "or" it does not.
	Trailing bool
	last     bool // a closing parenthesis comes next
}

// Item is a *RoleDecl, an *Annotation, a *Clause or a *Rule (a fact is a Rule
// without a body).
type Item interface {
	Node
	isItem()
}

// Node is anything with a place in the text.
type Node interface{ Pos() Position }

// Position is a place in a text. Line and Column count from 1, the column in
// characters; Offset counts bytes from 0.
type Position struct {
	File         string
	Line, Column int
	Offset       int
}

// Pos makes every struct that embeds a Position a Node.
func (p Position) Pos() Position { return p }

// RoleDecl is r(role, kind, min, max).
type RoleDecl struct {
	Position
	Role     *Const
	Kind     string // initial, necessary, optional, auxiliary, cyclic, uncommitted
	Min, Max int    // -1 where not given
}

// Annotation is @name(arguments), kept and given back.
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
	Role Term // *Const or *Var; where a message comes from also *Wildcard
	ID   Term // *Var, *Wildcard, *Const, *Str or *ListTerm
}

// Def is what a clause does: *Then, *Or, *Par, or an event: *Null, *Send,
// *Receive, *Enter, *Do.
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
	// Or is a committed choice of two branches or more, tried in order.
	// Mixed says that it stands beside "then" without parentheses.
	Or struct {
		Position
		Branches []Def
		Mixed    bool
	}
	// Par runs two branches or more interleaved. Mixed says that it stands
	// beside "then" or "or" without parentheses.
	Par struct {
		Position
		Branches []Def
		Mixed    bool
	}
	// Null is null <- Guard.
	Null struct {
		Position
		Guard Cons // nil where there is none
	}
	// Send is Message => To <- Guard.
	Send struct {
		Position
		Message Term
		To      *Agent
		Guard   Cons
	}
	// Receive is Effect <- Message <= From <- Guard. Guard filters: only a
	// message that satisfies it is taken. Effect is achieved afterwards.
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
	// And is a conjunction of two literals or more.
	And struct {
		Position
		Parts []Cons
	}
	// Disj is a disjunction of two parts or more. "Or" is the choice.
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

// Term is *Var, *Wildcard, *IntTerm, *FloatTerm, *Str, *Const or *ListTerm. Arithmetic is
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
	// Wildcard is _, each one its own.
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
	// Str is a string in double quotes; Value is without them.
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
