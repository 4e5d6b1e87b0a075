package lcc

import "slices"

// question identifies a question: its predicate and its arguments, which are unbound but
// for at most two atomic ones.
type question struct {
	key   key
	args  [2]Term
	place [2]int
}

// asked is a question and the World's answer.
type asked struct {
	name     nameBit
	goal     Term // the role, of a question for players
	player   bool
	least    bool // only the least player is wanted
	answer   Answer
	players  []Player
	stamp    uint64 // another one for another answer
	revision uint64 // in which it was asked last
	needed   uint64 // the revision in which a look used it last
}

// playerKey is the predicate of a question for players.
var playerKey = key{"player", 2}

// leastKey is the predicate of a question for the least player.
var leastKey = key{"leastPlayer", 2}

// question returns the record of a question, with its answer.
func (t *table) question(s *solver, k key, name nameBit, args []Term) *asked {
	q, simple := question{key: k}, true
	n := 0
	for i, arg := range args {
		switch arg := deref(arg).(type) {
		case *Var:
			simple = simple && !occursIn(arg, args[:i])
		case *Compound:
			simple = false
		default:
			if n == len(q.args) {
				simple = false
				break
			}
			q.args[n], q.place[n] = arg, i
			n++
		}
	}
	if k == playerKey || k == leastKey {
		q, simple = question{}, true
		role := deref(args[0])
		functor, of, _ := Name(role)
		q.key = key{functor, -1 - len(of)} // the matchmaker looks at no more
		if k == leastKey {
			q.args[0] = Atom(k.name)
		}
	}
	a := t.asked[q]
	steps := s.m.steps
	if a == nil || !simple {
		a = &asked{name: name, player: k == playerKey || k == leastKey, least: k == leastKey}
		if a.player {
			a.goal = anyOf(deref(args[0]))
		} else {
			a.goal = s.m.seal(s.m.resolve(NewTerm(k.name, slices.Clone(args)...)))
		}
		if simple {
			t.asked[q] = a
			t.weight += 4
		}
	}
	if simple {
		s.m.steps = steps
		s.m.charge(1 + len(args)) // whether or not it was asked before
	}
	t.refresh(s.around, a)
	if d := s.of; d != nil && d.recording {
		d.entry.reads = append(d.entry.reads, read{asked: a, stamp: a.stamp})
		d.names |= 1 << name
	}
	return a
}

// occursIn reports whether a variable is one of the arguments.
func occursIn(v *Var, args []Term) bool {
	return slices.ContainsFunc(args, func(arg Term) bool { return deref(arg) == v })
}

// refresh asks again when the answer may have changed.
func (t *table) refresh(around *surroundings, a *asked) {
	t.need(a)
	if a.revision != 0 && t.news[a.name] <= a.revision {
		return
	}
	first := a.revision == 0
	a.revision = t.revision
	t.fresh |= 1 << a.name
	switch {
	case a.least:
		tuples, same := around.leastPlayer(a.goal, a.answer.Solutions)
		if a.answer.Solutions = tuples; same && !first {
			return
		}
	case a.player:
		players, _ := around.world.Players(around.model, a.goal)
		if !first && len(players) == len(a.players) && (len(players) == 0 || &players[0] == &a.players[0]) {
			return
		}
		functor, of, _ := Name(a.goal)
		// A set of players is told in another order each time, so it is not compared.
		a.players, a.answer.Solutions = players, playerTuples(functor, len(of), players)
	default:
		answer, _ := around.world.Ask(a.goal)
		same := !first && answer.Truth == a.answer.Truth && sameTuples(answer.Solutions, a.answer.Solutions)
		if a.answer = answer; same {
			return
		}
	}
	t.stamps++
	a.stamp = t.stamps
	for _, tuple := range a.answer.Solutions {
		t.weight += weigh(tuple)
	}
}

func sameTuples(a, b [][]Term) bool {
	return slices.EqualFunc(a, b, func(x, y []Term) bool { return slices.EqualFunc(x, y, Equal) })
}

// anyOf returns a role without its arguments: the engine selects by them itself.
func anyOf(role Term) Term {
	functor, args, _ := Name(role)
	open := make([]Term, len(args))
	for i := range open {
		open[i] = &Var{Name: "_"}
	}
	return NewTerm(functor, open...)
}
