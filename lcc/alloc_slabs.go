package lcc

// slabs allocate what the solver needs during one look only: goals, rule frames and call
// arguments. What was allocated after an alternative is given back when
// the solver backtracks to it, so that a search runs in the same few cells. An engine
// that does not look holds none, because there are far more engines than looks at a
// time. A solver that waits for an action keeps its slabs.
type slabs struct {
	goals  slab[goal]
	frames slab[frame]
	terms  slab[Term]
}

// slab hands out places one after the other. It keeps its chunks.
type slab[T any] struct {
	chunks [][]T
	chunk  []T // the current one
	at     int // its number
	used   int // places of it
}

const inChunk = 128

// slabsMark is a state of slabs to give back to.
type slabsMark struct{ goals, frames, terms int32 }

func (s *slabs) mark() slabsMark {
	return slabsMark{s.goals.place(), s.frames.place(), s.terms.place()}
}

func (s *slabs) giveBack(to slabsMark) {
	s.goals.giveBack(to.goals)
	s.frames.giveBack(to.frames)
	s.terms.giveBack(to.terms)
}

// chunks returns how much memory the slabs hold.
func (s *slabs) chunks() int { return len(s.goals.chunks) + len(s.frames.chunks) + len(s.terms.chunks) }

func (s *slab[T]) place() int32 { return int32(s.at*inChunk + s.used) }

func (s *slab[T]) giveBack(to int32) {
	at, used := int(to)/inChunk, int(to)%inChunk
	if at == len(s.chunks) && at > 0 {
		at, used = at-1, inChunk // its last chunk was full
	}
	if at != s.at {
		s.at, s.chunk = at, s.chunks[at]
	}
	s.used = used
}

// next returns a place, which holds what it held last.
func (s *slab[T]) next() *T {
	if s.used == len(s.chunk) {
		s.grow()
	}
	s.used++
	return &s.chunk[s.used-1]
}

func (s *slab[T]) grow() {
	if s.chunk != nil {
		s.at++
	}
	if s.at == len(s.chunks) {
		s.chunks = append(s.chunks, make([]T, inChunk))
	}
	s.chunk, s.used = s.chunks[s.at], 0
}

func (s *slabs) goal(g goal) *goal {
	p := s.goals.next()
	*p = g
	return p
}

// frame returns a new frame for a rule.
func (s *slabs) frame(names []string) *frame {
	f := s.frames.next()
	f.vars, f.names, f.weighed = s.take(len(names)), names, 0
	return f
}

// take returns a slice of n nil terms.
func (s *slabs) take(n int) []Term {
	if n > inChunk {
		return make([]Term, n)
	}
	t := &s.terms
	if t.used+n > len(t.chunk) {
		t.grow()
	}
	at := t.used
	t.used += n
	list := t.chunk[at:t.used:t.used]
	clear(list)
	return list
}
