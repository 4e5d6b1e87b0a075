package lcc

// Vocabulary is what a host's constraints look like from a model: a set of
// signatures, by name and arity. Its zero value is the empty vocabulary.
type Vocabulary struct {
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
	Doc  string // one sentence
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
func (v *Vocabulary) Lookup(name string, arity int) (Signature, bool) {
	if v != nil {
		for _, s := range v.Predicates {
			if s.Name == name && len(s.Params) == arity {
				return s, true
			}
		}
	}
	return Signature{}, false
}

// Truth is a three-valued answer.
type Truth byte

const (
	False Truth = iota // it does not hold now
	True               // it holds
	Later              // not known yet; a Changed event will follow
)

// Answer is what the World says to a question, or the driver to an action.
type Answer struct {
	Truth Truth
	// Solutions are the ways in which the goal holds, best first. Each has
	// one ground term for each argument of the goal and is unified with
	// them. With Truth True and no Solutions the goal holds as it stands.
	Solutions [][]Term
	// Detail says why not, for people.
	Detail string
}

// World is what an engine may look at while it steps: the host's knowledge and
// the matchmaker. Its methods are pure: they change nothing and give the same
// answer until the next Changed event with the predicate's name. They are
// called from the goroutine that calls Step.
type World interface {
	// Ask answers a question of the host's vocabulary or of its facts. Goal
	// may hold unbound variables at - arguments. known is false where the
	// host has no such predicate.
	Ask(goal Term) (answer Answer, known bool)
	// Players returns who plays a role that matches the pattern now, in the
	// matchmaker's order of preference, without this peer itself and without
	// suspected ones. A Later truth says that a search is under way.
	Players(model Digest, role Term) (players []Player, truth Truth)
}

// Player is a peer and the ground role term under which it is advertised.
type Player struct {
	Peer PeerID
	Role Term
}
