package modeltest

import (
	"maps"
	"slices"

	"parley/lcc"
)

// workMax bounds the search for a match between the messages sent and those expected. A
// message costs the number of expectations plus the number of order lines between them.
const workMax = 50_000_000

// The states of an expected message.
const (
	open = iota
	done
	skipped // optional, and a later message was sent
)

// search looks for an assignment of the messages of a run to the expectations, in an
// order that these allow. It tries the expectations in order, and backtracks.
type search struct {
	want   []expected
	sent   []sent
	others bool
	step   int     // cost of one message
	work   int     // so far
	best   attempt // the attempt that matched the most messages
}

// attempt is an assignment of the first messages of a run.
type attempt struct {
	read  *reading // of the last matched message; nil at the beginning
	count int      // of the matched messages
	state []byte   // of each expectation
	bound lcc.Bindings
}

// reading assigns a message to an expectation. Attempts share their common prefix, so
// that the cost of a long run is not quadratic.
type reading struct {
	before *reading
	as     int // the expectation; -1 for one of the others
}

// readings are the assignments of an attempt, in the order of the messages.
func (a attempt) readings() (list []int) {
	for r := a.read; r != nil; r = r.before {
		list = append(list, r.as)
	}
	slices.Reverse(list)
	return list
}

// match returns the attempt that matched the most messages, and whether it is complete.
func (s *search) match() (attempt, bool) {
	s.step = 1
	for i := range s.want {
		s.step += 1 + len(s.want[i].after)
	}
	s.best = attempt{state: make([]byte, len(s.want)), bound: lcc.Bindings{}}
	whole, ok := s.from(s.best)
	if ok {
		return whole, true
	}
	return s.best, false
}

// from recurses once for each message; a run has at most eventsMax.
func (s *search) from(a attempt) (attempt, bool) {
	if a.count > s.best.count || a.count == s.best.count && s.missing(a) < s.missing(s.best) {
		s.best = a
	}
	if s.work += s.step; s.work > workMax {
		return a, false
	}
	if a.count == len(s.sent) {
		return a, s.missing(a) == 0
	}
	for _, i := range s.next(a) {
		if next, ok := s.take(a, i, s.sent[a.count]); ok {
			if whole, ok := s.from(next); ok {
				return whole, true
			}
		}
	}
	if s.others {
		a.read = &reading{a.read, -1}
		a.count++
		return s.from(a)
	}
	return a, false
}

// take assigns a message to an expectation, if that is allowed.
func (s *search) take(a attempt, i int, m sent) (attempt, bool) {
	w := &s.want[i]
	if !m.between(w.from, w.to) || w.by != 0 && m.at > w.by {
		return a, false
	}
	bound := maps.Clone(a.bound)
	if !w.what.Match(m.body, bound) {
		return a, false
	}
	next := attempt{read: &reading{a.read, i}, count: a.count + 1, state: slices.Clone(a.state), bound: bound}
	next.state[i] = done
	s.skip(next.state, i)
	return next, true
}

// skip marks the optional messages before an expectation as no longer possible.
func (s *search) skip(state []byte, i int) {
	for _, before := range s.want[i].after {
		if state[before] == open {
			state[before] = skipped
			s.skip(state, before)
		}
	}
}

func (s *search) missing(a attempt) (n int) {
	for i, state := range a.state {
		if state == open && !s.want[i].maybe {
			n++
		}
	}
	return n
}

// next returns the expectations that the next message could meet: those whose
// predecessors have all been sent or are optional. Predecessors have lower indexes, so
// one pass is enough.
func (s *search) next(a attempt) (list []int) {
	passed := make([]bool, len(s.want)) // messages after it may be sent
	for i := range s.want {
		free := true
		for _, before := range s.want[i].after {
			free = free && passed[before]
		}
		if free && a.state[i] == open {
			list = append(list, i)
		}
		passed[i] = a.state[i] != open || s.want[i].maybe && free
	}
	return list
}
