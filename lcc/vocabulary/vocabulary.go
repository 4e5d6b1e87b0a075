// Package vocabulary says what constraints look like from a model: the name and
// the arguments of each, and which way an argument goes. A host describes what
// it answers with it, and the calculus its built-ins.
package vocabulary

// Set is the constraints that a host answers, by name and arity. Its zero value,
// and nil, are the empty set.
type Set struct {
	Predicates []Signature
}

// Signature describes one predicate of a host's vocabulary.
type Signature struct {
	Name   string
	Params []Param
	// Acts says that the call does something. An action is asked for once,
	// through a Solve effect, when everything before it in its constraint
	// holds; it stands only as a conjunct of an event's constraint, not in
	// a rule, under "not" or in a disjunction. A predicate that does not act
	// is a question, put to the World as often as the engine likes.
	Acts bool
	// AtOnce says of an action that it is answered as soon as it is asked for: no agent
	// has to wait for it.
	AtOnce bool
	Doc    string // one sentence
}

// Param is one argument of a predicate.
type Param struct {
	Name string
	Mode Mode
	Type string // number, integer, string, atom, list, term, or a form such as need(Cpu, Mem)
	Unit string // cores, MiB, s, "share 0..1"; "" where there is none
	Doc  string
}

// Mode says which way an argument goes.
type Mode byte

const (
	In    Mode = '+' // bound when the call is made
	Out   Mode = '-' // bound by the answer
	InOut Mode = '?' // either
)

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
