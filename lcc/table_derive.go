package lcc

// derivation finds the instances of an entry with a solver of its own. It does not
// outlive its look; a later one that needs more instances repeats it.
type derivation struct {
	entry     *tableEntry
	solver    *solver
	args      []Term
	cells     int // of the meter where it began
	done      int // instances found
	recording bool
	inner     int    // steps of the current instance that other entries charged
	names     uint64 // of the questions of the current instance
}

// lookUp answers a call of a tabled predicate.
func (s *solver) lookUp(c *cnode, args []Term) (holds, tabled bool) {
	if s.plain || s.tabling.predicates == 0 || s.around.extends != nil {
		return false, false
	}
	a := s.agent
	if a.table == nil {
		a.table = newTable(s.tabling)
	}
	e := a.table.entry(c, args)
	if e == nil {
		return false, false
	}
	s.push(choice{next: s.goal, args: args, from: e})
	return s.backtrack(), true
}

// take returns the n-th instance of an entry for a call that began with so many cells; ok
// is false at the end.
func (t *table) take(s *solver, e *tableEntry, n, cells int) (tuple []Term, ok bool) {
	if !e.dead && t.holds(s, e, n) {
		in := &e.found[n]
		s.m.charge(in.steps)
		s.m.reused += uint64(in.steps)
		s.agent.dependAll(s.tabling, in.names)
		tuple, ok = in.tuple, !in.end
	} else {
		tuple, ok = t.derive(s, e, n)
	}
	if e.dead {
		if s.of != nil {
			s.of.entry.dead = true
		}
		return tuple, ok
	}
	in := &e.found[n]
	s.m.cells = cells
	s.m.alloc(in.cells)
	if d := s.of; d != nil && d.recording {
		d.entry.reads = append(d.entry.reads, read{sub: e, place: n, stamp: in.stamp})
		d.inner += in.steps
		d.names |= in.names
	}
	return tuple, ok
}

// derive finds the n-th instance of an entry, and adds it to the entry, whose instances
// before it hold. An entry dies when it meets an answer that is not known yet, or a
// solution with unbound variables.
func (t *table) derive(s *solver, e *tableEntry, n int) (tuple []Term, ok bool) {
	d := t.derivation(s, e, n)
	steps, later := s.m.steps, d.solver.later
	e.reads = e.reads[:e.until(len(e.found))]
	d.inner, d.names, d.recording = 0, 0, !e.dead
	came := d.next()
	d.recording = false
	if came == solved {
		tuple = make([]Term, len(d.args))
		for i, arg := range d.args {
			tuple[i] = s.m.resolve(arg)
			if !s.m.ground(tuple[i]) {
				e.dead = true
				d.solver.lent = true // its caller has variables of the solver
			}
		}
	}
	if d.solver.later > later {
		s.later += d.solver.later - later
		e.dead = true
	}
	if !e.dead {
		spent := s.m.steps - steps
		t.add(e, instance{
			tuple: tuple, end: came == failed, own: spent - d.inner, steps: spent, cells: s.m.cells - d.cells,
			names: d.names,
		})
	}
	return tuple, came == solved
}

// derivation returns the derivation of an entry, ready for the n-th instance. What it
// finds again on the way was charged when the instance was taken from the table.
func (t *table) derivation(s *solver, e *tableEntry, n int) *derivation {
	d := e.run
	if d == nil || e.look != t.look {
		h := t.helper(s)
		d = &h.derives
		*d = derivation{entry: e, solver: h, cells: s.m.cells, args: h.slabs.take(len(e.call.args))}
		for i := range d.args {
			if d.args[i] = e.args[i]; e.args[i] == nil {
				h.open[i] = Var{Name: "_"}
				d.args[i] = &h.open[i]
			}
		}
		h.of = d
		e.run, e.look = d, t.look
	}
	steps := s.m.steps
	for _, in := range e.found[:min(n, len(e.found))] {
		s.m.steps -= in.steps
	}
	began := s.m.steps
	for d.done < n && d.next() == solved {
	}
	s.m.uncharged += uint64(s.m.steps - began)
	s.m.steps = steps
	return d
}

// next finds the next solution of the call.
func (d *derivation) next() outcome {
	d.done++
	s := d.solver
	if d.done == 1 {
		tuples := s.remembered(d.entry.call)
		s.push(choice{args: d.args, rules: d.entry.call.rules, tuples: tuples})
	}
	return s.next()
}
