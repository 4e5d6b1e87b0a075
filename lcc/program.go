package lcc

import (
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file defines the compiled form of a text: clauses, rules and constraints whose
// variables are numbered slots. All engines that enact the model share it; it is
// immutable after Compile.

// slot stands for a variable of a clause or rule in a template; it is an index into the
// frame.
type slot int32

// pattern is a compound template with at least one slot. A template without slots is
// the term itself and is never copied.
type pattern struct {
	functor   string
	args      []Term
	calculate calculation // nil: it is not arithmetic
}

// void is a variable that stands once in a rule: it matches anything.
type void struct{}

func (void) isTerm()              {}
func (void) String() string       { return "_" }
func (slot) isTerm()              {}
func (slot) String() string       { return "_" }
func (*pattern) isTerm()          {}
func (p *pattern) String() string { return p.functor + "(...)" }

// frame holds the variables of one activation of a clause or rule.
type frame struct {
	vars    []Term
	names   []string
	weighed uint64 // the last weigher pass that counted it
}

// newFrame returns a frame; a small frame and its variables share one allocation.
func newFrame(names []string) *frame {
	switch n := len(names); {
	case n == 0:
		return &frame{}
	case n <= 3:
		f := &struct {
			frame
			space [3]Term
		}{}
		f.vars, f.names = f.space[:n:n], names
		return &f.frame
	case n <= 6:
		f := &struct {
			frame
			space [6]Term
		}{}
		f.vars, f.names = f.space[:n:n], names
		return &f.frame
	}
	return &frame{vars: make([]Term, len(names)), names: names}
}

// newCompound returns a compound term whose arguments are not set yet; a small one and
// its arguments share one allocation.
func newCompound(functor string, arity int) *Compound {
	switch arity {
	case 1:
		c := &struct {
			Compound
			space [1]Term
		}{}
		c.Functor, c.Args = functor, c.space[:]
		return &c.Compound
	case 2:
		c := &struct {
			Compound
			space [2]Term
		}{}
		c.Functor, c.Args = functor, c.space[:]
		return &c.Compound
	}
	if arity == 3 {
		c := &struct {
			Compound
			space [3]Term
		}{}
		c.Functor, c.Args = functor, c.space[:]
		return &c.Compound
	}
	return &Compound{Functor: functor, Args: make([]Term, arity)}
}

// term instantiates a template as a term over the frame's variables.
func (m *meter) term(t Term, f *frame) Term {
	switch t := t.(type) {
	case slot:
		if f.vars[t] == nil {
			m.alloc(1)
			f.vars[t] = &Var{Name: f.names[t]}
		}
		return deref(f.vars[t])
	case *pattern:
		m.step()
		m.alloc(1 + len(t.args))
		c := newCompound(t.functor, len(t.args))
		for i, arg := range t.args {
			c.Args[i] = m.term(arg, f)
		}
		return c
	case void:
		m.alloc(1)
		return &Var{}
	}
	return t
}

// key identifies a predicate or a clause by name and arity.
type key struct {
	name  string
	arity int
}

// clause is a(role, id) :: body.
type clause struct {
	pos   syntax.Position
	role  string
	args  []Term // templates
	id    Term   // template
	names []string
	body  *node
	// openings are the messages with which the clause can begin by receiving.
	openings    map[key]bool
	served      bool // it begins with messages, or with time, alone
	cardinality cardinality
}

// rule is a Horn clause; body is nil for a fact.
type rule struct {
	args  []Term
	names []string
	body  *cnode
	sifts []sift
}

// node is a definition of a clause, or the rest of one. A sequence is a chain: each
// event points to its successor, and so do the last events of the branches of a choice.
// At the end of a clause or of a branch of a par, after is nil, and the continuation
// depends on the run.
type node struct {
	kind     nodeKind
	after    *node   // within the clause; nil at its end
	branches []*node // or, par
	message  Term    // send, receive
	role     roleTemplate
	guard    *cnode // nil: holds
	pos      syntax.Position
}

type nodeKind byte

const (
	nodeOr nodeKind = iota
	nodePar
	nodeNull // null, and a local action, whose goal is its guard
	nodeSend
	nodeReceive
	nodeEnter
	nodeEffect // effect of a receive; the agent fails if it does not hold
)

// roleTemplate is an a(Role, ID) in an event. A role without arguments matches a role
// with any arguments.
type roleTemplate struct {
	name string // "" when the role is a variable
	term Term   // template of the role
	args []Term
	id   Term
	any  bool // the id is _: a send is a multicast
	// open is the role when its arguments are all _, for a message to a known peer: it
	// is never bound.
	open Term
	// cardinality is that of the role's declaration.
	cardinality cardinality
	// clause is the clause of the role, when it is entered and its name is known.
	clause *clause
}

// cnode is a constraint.
type cnode struct {
	kind      cnodeKind
	parts     []*cnode
	op        string // compare
	args      []Term // compare: two; call: the arguments
	key       key    // call
	builtin   builtin
	rules     []*rule
	index     ruleIndex // of rules; nil: there are few
	defined   bool      // the model has rules or facts for it
	acts      bool
	mayFail   bool              // of an action: it is not answered at once
	answered  bool              // the vocabulary has the question
	modes     []vocabulary.Mode // of an action
	remembers key               // of a k(F): the predicate of F
	memorable bool              // call: an agent may remember such a fact
	gathered  bool              // call: it is the goal of a findall
	table     int               // call: the number of a tabled predicate, from 1; 0: it is derived each time
	name      nameBit           // call: of a question
	ages      bool              // call: of a question whose answer may change without a Changed event
	begins    bool              // the constraint of an event that requests an action
}

type cnodeKind byte

const (
	consAnd cnodeKind = iota
	consOr
	consNot
	consCompare
	consCall
	consSettled // after the goal of a not: it has a solution
	consFindall
	consCollected // after the goal of a findall: another solution
)
