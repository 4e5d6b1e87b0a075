package lcc

// This file solves leastPlayer: the player that a text would otherwise find by collecting
// all players and taking the minimum. Where a host advertises its load with its role, an
// agent asks for the least loaded at each advert, and nearly always it is the same as
// before: a table keeps one player instead of all.

func init() {
	define("leastPlayer", "?Role -Peer",
		"Who plays a role of this model with the least arguments in the order of terms; of equals the first in the matchmaker's order.",
		solveLeast)
}

func solveLeast(s *solver, args []Term) bool {
	role := deref(args[0])
	wanted, of, ok := Name(role)
	if !ok {
		throw(ReasonUnbound, "leastPlayer: the role must be bound, its arguments need not be")
	}
	open := allOpen(of)
	if s.plain || s.agent.table == nil || !open {
		s.m.charge(1 + len(args))
		tuples := playerTuples(wanted, len(of), s.around.players(s.agent, s.m.resolve(role)))
		return s.tuples(args, leastTuple(tuples, func(tuple []Term) bool { return open || s.could(role, tuple[0]) }))
	}
	s.agent.depend(playerKey.name)
	return s.tuples(args, s.agent.table.question(s, leastKey, s.tabling.player, args).answer.Solutions)
}

// allOpen reports whether the arguments are variables, each another one.
func allOpen(args []Term) bool {
	for i, arg := range args {
		if v, open := deref(arg).(*Var); !open || occursIn(v, args[:i]) {
			return false
		}
	}
	return true
}

// could reports whether two terms unify, and binds nothing.
func (s *solver) could(a, b Term) bool {
	at := s.mark()
	fits := s.m.unify(&s.tr, a, b)
	s.restore(at)
	return fits
}

// leastPlayer returns the tuple of player(Role, Peer) with the least role, alone, and whether
// that is what it was; none if nobody plays it. The arguments of the role are unbound.
func (s *surroundings) leastPlayer(role Term, was [][]Term) (tuples [][]Term, same bool) {
	functor, of, _ := Name(role)
	if finder, ok := s.world.(LeastFinder); ok {
		player, plays := finder.LeastPlayer(s.model, role)
		switch {
		case !plays:
			return nil, len(was) == 0
		case len(was) == 1 && len(of) > 0 && player.ID != nil && Equal(was[0][0], player.Role) && Equal(was[0][1], player.ID):
			return was, true // nearly always
		}
		tuples = playerTuples(functor, len(of), []Player{player})
	} else {
		players, _ := s.world.Players(s.model, role)
		tuples = leastTuple(playerTuples(functor, len(of), players), func([]Term) bool { return true })
	}
	return tuples, sameTuples(tuples, was)
}

// leastTuple returns the tuple of player(Role, Peer) with the least role among those that
// fit, alone; none if none fits.
func leastTuple(tuples [][]Term, fits func(tuple []Term) bool) [][]Term {
	at := -1
	for i, tuple := range tuples {
		if (at < 0 || Compare(tuple[0], tuples[at][0]) < 0) && fits(tuple) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	return tuples[at : at+1 : at+1]
}
