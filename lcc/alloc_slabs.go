package lcc

// slabs allocate the goals, rule frames and call arguments that the solver needs during
// one look only. The next look reuses the slabs. A full slab is left to the garbage
// collector, which keeps it while something in it is referenced. A solver that waits
// for an action keeps its slabs.
type slabs struct {
	goals  []goal
	frames []frame
	terms  []Term
}

const (
	goalsInSlab  = 32
	framesInSlab = 16
	termsInSlab  = 64
)

func (s *slabs) reset() {
	clear(s.goals)
	clear(s.frames)
	clear(s.terms)
	s.goals, s.frames, s.terms = s.goals[:0], s.frames[:0], s.terms[:0]
}

func (s *slabs) goal(g goal) *goal {
	if len(s.goals) == cap(s.goals) {
		s.goals = make([]goal, 0, goalsInSlab)
	}
	s.goals = append(s.goals, g)
	return &s.goals[len(s.goals)-1]
}

// frame returns a new frame for a rule.
func (s *slabs) frame(names []string) *frame {
	if len(s.frames) == cap(s.frames) {
		s.frames = make([]frame, 0, framesInSlab)
	}
	s.frames = append(s.frames, frame{vars: s.take(len(names)), names: names})
	return &s.frames[len(s.frames)-1]
}

// take returns a slice of n nil terms.
func (s *slabs) take(n int) []Term {
	if n > termsInSlab {
		return make([]Term, n)
	}
	if len(s.terms)+n > cap(s.terms) {
		s.terms = make([]Term, 0, termsInSlab)
	}
	at := len(s.terms)
	s.terms = s.terms[:at+n]
	return s.terms[at : at+n : at+n]
}
