package lcc

// Workspace holds the memory that an engine needs during a Step only. Engines of which
// only one is in a Step at a time may share one (Options.Workspace): a simulation of many
// hosts then needs it once. The zero value is ready to use. It is not safe for concurrent
// use.
type Workspace struct {
	slabs   []*slabs
	helpers []*solver
}

const (
	// chunksMost bounds the slabs that a workspace takes back.
	chunksMost = 64
	// workspaceMost bounds the slabs and the helpers that a workspace keeps.
	workspaceMost = 64
)

func (w *Workspace) takeSlabs() *slabs { return takeLast(&w.slabs) }

// giveSlabs takes slabs back. What they refer to stays until they are used again; that is
// no more than one look made.
func (w *Workspace) giveSlabs(s *slabs) {
	if s.chunks() < chunksMost && len(w.slabs) < workspaceMost {
		s.giveBack(slabsMark{})
		w.slabs = append(w.slabs, s)
	}
}

func (w *Workspace) takeHelper() *solver { return takeLast(&w.helpers) }

// takeLast takes one from a list of spare ones, or makes one.
func takeLast[T any](spare *[]*T) *T {
	last := len(*spare) - 1
	if last < 0 {
		return new(T)
	}
	one := (*spare)[last]
	*spare = (*spare)[:last]
	return one
}

func (w *Workspace) giveHelper(h *solver) {
	h.rest()
	if h.lent {
		return
	}
	h.derives = derivation{}
	h.m, h.around, h.tabling, h.agent, h.thread, h.of, h.workspace = nil, nil, nil, nil, nil, nil, nil
	if len(w.helpers) < workspaceMost {
		w.helpers = append(w.helpers, h)
	}
}
