package lcc

// slabs hold what the solver makes in one look and nobody needs after it:
// goals, the frames of rules, the arguments of calls. A slab is used again in
// the next look. A full one is left to the garbage collector, which keeps it
// as long as something in it is wanted; the solver of a look that waits for an
// action keeps its slabs to itself.
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

// frame makes the frame of a rule.
func (s *slabs) frame(names []string) *frame {
	if len(s.frames) == cap(s.frames) {
		s.frames = make([]frame, 0, framesInSlab)
	}
	s.frames = append(s.frames, frame{vars: s.take(len(names)), names: names})
	return &s.frames[len(s.frames)-1]
}

// take makes a list of n empty terms.
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
