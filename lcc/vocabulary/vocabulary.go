// Package vocabulary describes constraints as a model sees them: name, arguments and
// argument modes. A host describes its predicates with it, and the calculus its
// built-ins.
package vocabulary

import "slices"

// Set holds the constraints that a host answers. The zero value and nil are the empty
// set.
type Set struct {
	Predicates []Signature
	// Version grows with each release that has new words; 0: it is not counted. A text can
	// say which version it was written for.
	Version int
}

// Signature describes one predicate of a host's vocabulary.
type Signature struct {
	Name   string
	Params []Param
	// Acts says that the predicate is an action. An action is requested once, through a
	// Solve effect, when everything before it in its constraint holds. It is allowed
	// only as a conjunct of an event's constraint, not in a rule, under "not" or in a
	// disjunction. Any other predicate is a question, which the engine asks the World
	// as often as it likes.
	Acts bool
	// AtOnce says that an action is answered as soon as it is requested, so no agent
	// has to wait for it.
	AtOnce bool
	// Ages says that the answer to a question may change without a Changed event.
	Ages bool
	// Since is the version of the vocabulary that first had the predicate; 0 is 1.
	Since int
	Doc   string // one sentence
}

// Param is one argument of a predicate.
type Param struct {
	Name string
	Mode Mode
	Type string // number, integer, string, atom, list, term, or a form such as need(Cpu, Mem)
	// Values are the constants that an atom may be; empty: any.
	Values []string
	Unit   string // cores, MiB, s, "share 0..1"; "" when there is none
	Doc    string
}

// Mode is the direction of an argument.
type Mode byte

const (
	In    Mode = '+' // bound by the caller
	Out   Mode = '-' // bound by the answer
	InOut Mode = '?' // bound by either
)

// Without returns the set without some of its predicates; the same one where there is none
// of them.
func (v *Set) Without(leave func(Signature) bool) *Set {
	if v == nil || !slices.ContainsFunc(v.Predicates, leave) {
		return v
	}
	kept := *v
	kept.Predicates = slices.DeleteFunc(slices.Clone(v.Predicates), leave)
	return &kept
}

// Lookup returns the signature of name/arity.
func (v *Set) Lookup(name string, arity int) (Signature, bool) {
	if v != nil {
		for _, s := range v.Predicates {
			if s.Name == name && len(s.Params) == arity {
				return s, true
			}
		}
	}
	return Signature{}, false
}
