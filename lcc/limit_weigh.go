package lcc

// charge checks an agent's allocations of this Step against its limit. It adds up
// allocations including garbage, and weighs the agent only when the sum passes the
// limit.
func (e *Engine) charge(a *agent) {
	a.held += e.meter.cells
	if a.held <= e.meter.limits.CellsPerAgent {
		return
	}
	e.weight++
	w := weigher{most: e.meter.limits.CellsPerAgent, pass: e.weight}
	for _, t := range a.threads {
		w.thread(t)
	}
	for _, m := range a.memory.facts {
		w.cells += 2
		w.terms(m.args)
	}
	if a.held = w.cells; a.held > w.most {
		throw(ReasonLimit, "more than %d term cells held", w.most)
	}
}

// weigher counts the cells reachable from an agent. A frame counts once; a term counts
// for each reference to it, as if it were copied.
type weigher struct {
	cells, most int
	pass        uint64
	stack       []Term
}

func (w *weigher) thread(t *thread) {
	w.cells += 4
	w.frame(t.frame)
	for s := t.scope; s != nil && w.cells <= w.most; s = s.outer {
		w.cells += 2
		w.terms([]Term{s.role})
	}
	for c := t.next; c != nil && w.cells <= w.most; c = c.next {
		w.cells += 2
		w.frame(c.frame)
	}
	w.terms(t.refused)
}

func (w *weigher) frame(f *frame) {
	if f == nil || f.weighed == w.pass {
		return
	}
	f.weighed = w.pass
	w.cells += 1 + len(f.vars)
	w.terms(f.vars)
}

func (w *weigher) terms(list []Term) {
	w.stack = append(w.stack[:0], list...)
	for len(w.stack) > 0 && w.cells <= w.most {
		top := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		if top == nil {
			continue
		}
		w.cells++
		if c, ok := deref(top).(*Compound); ok {
			w.stack = append(w.stack, c.Args...)
		}
	}
}
