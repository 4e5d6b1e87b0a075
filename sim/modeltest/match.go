package modeltest

import (
	"maps"

	"parley/lcc"
)

// triesMax bounds the search for a way to read what was sent as what was
// expected.
const triesMax = 200_000

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
	tries  int
	best   attempt // that which came furthest
}

// attempt is a reading of the messages so far.
type attempt struct {
	read  []int // for each message the expectation, -1 for one of the others
	state []byte
	bound lcc.Bindings
}

// match returns the reading that came furthest, and whether it is whole.
func (s *search) match() (attempt, bool) {
	start := attempt{state: make([]byte, len(s.want)), bound: lcc.Bindings{}}
	s.best = start
	whole, ok := s.from(start)
	if ok {
		return whole, true
	}
	return s.best, false
}

func (s *search) from(a attempt) (attempt, bool) {
	at := len(a.read)
	if at > len(s.best.read) || at == len(s.best.read) && s.missing(a) < s.missing(s.best) {
		s.best = a
	}
	if s.tries++; s.tries > triesMax {
		return a, false
	}
	if at == len(s.sent) {
		return a, s.missing(a) == 0
	}
	for i := range s.want {
		if next, ok := s.take(a, i, s.sent[at]); ok {
			if whole, ok := s.from(next); ok {
				return whole, true
			}
		}
	}
	if s.others {
		a.read = append(a.read[:at:at], -1)
		return s.from(a)
	}
	return a, false
}

// take reads a message as an expectation, if it may be.
func (s *search) take(a attempt, i int, m sent) (attempt, bool) {
	w := &s.want[i]
	if a.state[i] != open || !s.may(a, i) || !m.between(w.from, w.to) || w.by != 0 && m.at > w.by {
		return a, false
	}
	bound := maps.Clone(a.bound)
	if !w.what.Match(m.body, bound) {
		return a, false
	}
	next := attempt{
		read:  append(a.read[:len(a.read):len(a.read)], i),
		state: append([]byte(nil), a.state...),
		bound: bound,
	}
	next.state[i] = done
	s.skip(next.state, i)
	return next, true
}

// may says whether everything before an expectation has been sent, or may be
// missing.
func (s *search) may(a attempt, i int) bool {
	for _, before := range s.want[i].after {
		if a.state[before] == open && !(s.want[before].maybe && s.may(a, before)) {
			return false
		}
	}
	return true
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

// next are the expectations that the message after a reading could have met.
func (s *search) next(a attempt) (list []int) {
	for i := range s.want {
		if a.state[i] == open && s.may(a, i) {
			list = append(list, i)
		}
	}
	return list
}
