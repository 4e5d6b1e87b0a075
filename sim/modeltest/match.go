package modeltest

import (
	"maps"
	"slices"

	"parley/lcc"
)

// workMax bounds the search for a way to read what was sent as what was
// expected. A message costs as much as there are expectations, and lines of
// order between them.
const workMax = 50_000_000

// Of an expected message.
const (
	open = iota
	done
	skipped // it may be missing, and what comes after it was sent
)

// search looks for a way in which the messages of a run are those expected, in
// an order that the expectations allow. It tries the expectations in their
// order, and goes back where a choice led nowhere.
type search struct {
	want   []expected
	sent   []sent
	others bool
	step   int     // the work of one message
	work   int     // so far
	best   attempt // that which came furthest
}

// attempt is a reading of the first messages of a run.
type attempt struct {
	read  *reading // of the last of them; nil at the beginning
	count int      // of the messages read
	state []byte   // of each expectation
	bound lcc.Bindings
}

// reading says what a message was read as. Attempts share what they began with,
// so that a long run does not cost its square.
type reading struct {
	before *reading
	as     int // the expectation; -1 for one of the others
}

// readings are those of an attempt, in the order of the messages.
func (a attempt) readings() (list []int) {
	for r := a.read; r != nil; r = r.before {
		list = append(list, r.as)
	}
	slices.Reverse(list)
	return list
}

// match returns the reading that came furthest, and whether it is whole.
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

// from recurses once for each message, of which a run has at most eventsMax.
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

// take reads a message as an expectation, if it may be.
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

// skip notes that what stands before an expectation is not sent any more.
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

// next are the expectations that the message after a reading could meet: those
// before which everything has been sent, or may be missing. An expectation
// stands after ones of lower number, so one pass decides.
func (s *search) next(a attempt) (list []int) {
	passed := make([]bool, len(s.want)) // what comes after it may be sent
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
