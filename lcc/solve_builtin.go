package lcc

import (
	"math"
	"strings"

	"parley/lcc/vocabulary"
)

// builtin solves a built-in constraint. It reads and unifies its arguments; for more
// than one solution it leaves alternatives. A value of a wrong type ends the agent
// (ReasonType), because a comparison that is silently false would make it wait for
// ever.
type builtin func(s *solver, args []Term) bool

// builtinDef is a built-in with the description that the checker and people need.
type builtinDef struct {
	vocabulary.Signature
	solve builtin
}

// builtins are indexed by name and arity. A model cannot redefine them.
var builtins = map[key]builtinDef{}

// Builtins returns the built-ins, by name and arity.
func Builtins() *vocabulary.Set {
	list := make([]vocabulary.Signature, 0, len(builtins))
	for _, def := range builtins {
		list = append(list, def.Signature)
	}
	sortSignatures(list)
	return &vocabulary.Set{Predicates: list}
}

// define registers a built-in; params are "+Name", "-Name" or "?Name".
func define(name, params, doc string, solve builtin) {
	s := vocabulary.Signature{Name: name, Doc: doc}
	for _, p := range strings.Fields(params) {
		s.Params = append(s.Params, vocabulary.Param{Name: p[1:], Mode: vocabulary.Mode(p[0]), Type: "term"})
	}
	builtins[key{name, len(s.Params)}] = builtinDef{s, solve}
}

func init() {
	define("true", "", "Always holds.", func(*solver, []Term) bool { return true })
	define("fail", "", "Never holds.", func(*solver, []Term) bool { return false })
	define("false", "", "Never holds.", func(*solver, []Term) bool { return false })
	define("timeout", "+Seconds", "Holds once this many seconds have passed since the event became current.", solveTimeout)
	define("failed", "?Peer", "Holds once a message of this agent to Peer was not delivered or was refused, or Peer is believed dead.",
		func(s *solver, args []Term) bool { return s.failures(args[0], nil) })
	define("failed", "?Peer ?Reason", "As failed(Peer), with the reason as an atom.",
		func(s *solver, args []Term) bool { return s.failures(args[0], args[1]) })
	define("me", "-Peer", "Binds the id of this peer.",
		func(s *solver, args []Term) bool { return s.samePeer(args[0], s.around.self) })
	define("player", "?Role -Peer", "Enumerates who plays a role of this model now, in the matchmaker's order, with the role's arguments.",
		solvePlayer)
	define("before", "+A +B", "A comes before B in the order of terms: numbers by value, then strings and constants by their bytes.",
		solveBefore)
	define("k", "+Fact", "Remembers Fact, when the event happens.", func(s *solver, args []Term) bool { return s.remember(args[0], false) })
	define("retract", "?Fact", "Forgets the first remembered fact that matches, when the event happens.", solveRetract)
	define("known", "?Fact", "Enumerates the remembered facts that match, oldest first.", solveKnown)
}

// Type tests examine the current binding of a term; an unbound variable has no type.
func init() {
	test := func(name, what string, is func(Term) bool) {
		define(name, "?Term", "Holds of "+what+".", func(s *solver, args []Term) bool { return is(deref(args[0])) })
	}
	test("number", "an integer or a number with a point", func(t Term) bool {
		switch t.(type) {
		case Int, Float:
			return true
		}
		return false
	})
	test("integer", "an integer", func(t Term) bool { _, ok := t.(Int); return ok })
	text := func(t Term) bool { _, ok := textOf(t); return ok || t == Nil }
	test("atom", "a constant or a string, which are one if they are spelled alike", text)
	test("string", "what `atom` holds of", text)
	test("bound", "anything but an unbound variable", func(t Term) bool { _, unbound := t.(*Var); return !unbound })
}

func solveTimeout(s *solver, args []Term) bool {
	value, why := s.m.arithmetic(args[0])
	if why != nil {
		throw(ReasonType, "timeout: %s", why)
	}
	seconds := value.float()
	if seconds < 0 || seconds > s.m.limits.TimeoutMax.Seconds() {
		throw(ReasonLimit, "timeout(%s): from 0 to %.0f seconds", value.term(), s.m.limits.TimeoutMax.Seconds())
	}
	at := s.thread.since + Instant(math.Ceil(seconds*1e9))
	if s.around.now > at || s.around.now == at && (!s.around.mail || seconds == 0) {
		s.elapsed = true
		return true
	}
	s.pending++
	s.thread.wakeAt(at)
	return false
}

// failures enumerates the failed partners; reason may be nil.
func (s *solver) failures(peer, reason Term) bool {
	s.agent.depend(failedName)
	args := []Term{peer}
	if reason != nil {
		args = append(args, reason)
	}
	if id, ok := peerOf(peer); ok {
		// Atom and String mean the same peer here.
		args[0] = String(id)
		if s.around.suspects[id] && !s.agent.failedBy(id) {
			return s.tuples(args, [][]Term{[]Term{String(id), Atom(ReasonSuspected)}[:len(args)]})
		}
	}
	var tuples [][]Term
	for _, f := range s.agent.failures {
		tuples = append(tuples, []Term{String(f.peer), Atom(f.reason)}[:len(args)])
	}
	return s.tuples(args, tuples)
}

func solvePlayer(s *solver, args []Term) bool {
	role := deref(args[0])
	wanted, wantedArgs, ok := Name(role)
	if !ok {
		throw(ReasonUnbound, "player: the role must be bound, its arguments need not be")
	}
	if s.plain || s.agent.table == nil {
		return s.tuples(args, playerTuples(wanted, len(wantedArgs), s.around.players(s.agent, s.m.resolve(role))))
	}
	s.agent.depend(playerKey.name)
	return s.tuples(args, s.agent.table.question(s, playerKey, s.tabling.player, args).answer.Solutions)
}

// playerTuples returns the tuples of player(Role, Peer) for a role with so many
// arguments. A role that is asked for without arguments is answered so.
func playerTuples(role string, arity int, players []Player) [][]Term {
	terms, tuples := make([]Term, 2*len(players)), make([][]Term, len(players))
	for i, p := range players {
		tuple := terms[2*i : 2*i+2 : 2*i+2]
		tuple[0], tuple[1], tuples[i] = p.Role, p.ID, tuple
		if name, _, _ := Name(p.Role); name == role && arity == 0 {
			tuple[0] = Atom(role)
		}
		if p.ID == nil {
			tuple[1] = String(p.Peer)
		}
	}
	return tuples
}

func (s *solver) remember(fact Term, forget bool) bool {
	fact = s.m.resolve(fact)
	if _, _, ok := Name(fact); !ok || !s.m.ground(fact) {
		throw(ReasonUnbound, "k(%s): what is remembered is a constant or a compound term without unbound variables", fact)
	}
	s.memory = append(s.memory, memoryChange{fact, forget})
	return true
}

func solveKnown(s *solver, args []Term) bool {
	s.readMemory()
	name, wanted, bound := Name(deref(args[0]))
	facts := s.agent.memory.facts
	if bound {
		if tuples, indexes := s.agent.memory.matching(key{name, len(wanted)}, wanted); indexes {
			s.m.step()
			return s.tuples(args, tuples)
		}
	}
	var tuples [][]Term
	for i, m := range facts {
		if bound && (m.key.name != name || m.key.arity != len(wanted)) {
			s.m.step()
			continue
		}
		if tuples == nil {
			tuples = make([][]Term, 0, len(facts)-i)
		}
		tuples = append(tuples, m.tuple)
	}
	return s.tuples(args, tuples)
}

func solveRetract(s *solver, args []Term) bool {
	for _, m := range s.agent.memory.facts {
		before := s.mark()
		fact := NewTerm(m.key.name, m.args...)
		if s.m.unify(&s.tr, args[0], fact) {
			return s.remember(fact, true)
		}
		s.restore(before)
	}
	return false
}

// compare solves Left op Right. "=" unifies without evaluation; "is" evaluates the
// right side and unifies; == and != compare values when both sides are arithmetic, and
// terms otherwise; the other operators compare numbers only.
func (s *solver) compare(op string, left, right Term, f *frame) bool {
	switch op {
	case "<", ">", "=<", ">=":
		return holds(op, compareNumbers(s.value(op, left, f), s.value(op, right, f)))
	case "is":
		return s.m.match(&s.tr, left, f, s.value("is", right, f).term(), true)
	}
	x, y := s.m.term(left, f), s.m.term(right, f)
	switch op {
	case "=":
		return s.m.unify(&s.tr, x, y)
	case `\=`:
		before := s.mark()
		same := s.m.unify(&s.tr, x, y)
		s.restore(before)
		return !same
	case "in":
		return solveMember(s, []Term{x, y})
	case "==", "!=":
		return s.same(x, y) == (op == "==")
	}
	throw(ReasonType, "there is no comparison %s", op)
	return false
}

// value evaluates an operand, or ends the agent with ReasonType.
func (s *solver) value(op string, t Term, f *frame) num {
	value, why := s.m.evaluate(t, f)
	if why != nil {
		throw(ReasonType, "%s: %s", op, why)
	}
	return value
}

func holds(op string, order int) bool {
	switch op {
	case "<":
		return order < 0
	case ">":
		return order > 0
	case "=<":
		return order <= 0
	}
	return order >= 0
}

func (s *solver) same(left, right Term) bool {
	x, whyX := s.m.arithmetic(left)
	y, whyY := s.m.arithmetic(right)
	if whyX == nil && whyY == nil {
		return compareNumbers(x, y) == 0
	}
	return Equal(s.m.resolve(left), s.m.resolve(right))
}

// solveBefore orders numbers by value and texts by their bytes. Two hosts use it to
// break a tie in the same way.
func solveBefore(s *solver, args []Term) bool {
	a, b := deref(args[0]), deref(args[1])
	x, whyX := s.m.arithmetic(a)
	y, whyY := s.m.arithmetic(b)
	p, okP := peerOf(a)
	q, okQ := peerOf(b)
	if whyX != nil && !okP || whyY != nil && !okQ {
		throw(ReasonType, "before(%s, %s): numbers, strings and constants have an order", s.m.resolve(a), s.m.resolve(b))
	}
	if whyX == nil || whyY == nil {
		return whyX == nil && (whyY != nil || compareNumbers(x, y) < 0)
	}
	return p < q
}
