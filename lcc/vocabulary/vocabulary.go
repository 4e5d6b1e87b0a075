// Package vocabulary describes constraints as a model sees them: name, arguments and
// argument modes. A host describes its predicates with it, and the calculus its
// built-ins.
package vocabulary

// Set holds the constraints that a host answers. The zero value and nil are the empty
// set.
type Set struct {
	Predicates []Signature
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
	Doc  string // one sentence
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
