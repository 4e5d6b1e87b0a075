package lcc

import (
	"math/bits"
	"slices"
)

// A look often derives what the look before it has derived: an agent that waits for a
// better player looks at each advert, and nearly always nothing has changed for it. So an
// agent keeps a table of what its rules derived. An entry notes what it has read, in
// order: answers of the host, players, the agent's memory, and solutions of other entries.
// When something changed outside, the entry verifies what it has read in that order, and
// holds as long as all is equal, also when another entry had to be derived again and came
// to the same (an early cutoff, as in Acar, Blelloch and Harper, Adaptive functional
// programming, 2002). A solution from a table is charged with the steps of its derivation,
// so that neither a limit nor the end of a turn depends on what the table holds.

// table belongs to one agent; it makes it with its first call of a tabled predicate.
type table struct {
	tabling  *tabling
	revision uint64            // grows when something that entries read may have changed
	news     [namesMost]uint64 // by name: the revision in which its answers may have changed
	fresh    uint64            // names of questions that were asked since their news
	stamps   uint64            // drawn so far
	memory   uint64            // stamp of the agent's memory
	entries  [][]*tableEntry   // by predicate
	asked    map[question]*asked
	look     uint64    // number of the current look
	helpers  []*solver // that derive in the current look
	needs    needs
	weight   int // about the cells of all answers, instances and reads since the table was emptied
}

const (
	// entriesMost bounds the entries of a predicate; the oldest makes room.
	entriesMost = 32
	// tableMost bounds the weight of a table; beyond it, it is emptied before a look.
	tableMost = 1 << 15
)

// tableEntry holds the solutions of a predicate for some arguments, as far as they were asked
// for.
type tableEntry struct {
	call     *cnode
	args     [tableArgs]Term // atomic; nil where unbound
	found    []instance
	reads    []read
	dead     bool   // it holds no longer, and is not in the table
	revision uint64 // of the last verification
	verified int    // instances, in that revision
	old      []instance
	oldFrom  int         // place of the first one of old
	run      *derivation // of look
	look     uint64
}

// instance is a solution, or the end: that there is no other one.
type instance struct {
	tuple []Term // ground; one term for each argument
	end   bool
	stamp uint64 // another one for another tuple
	until int    // reads[:until] are all that led to this one
	own   int    // steps, without those of other entries
	steps int    // with those
	cells int    // since the beginning
	names uint64 // of questions that it depends on, and not those before it
}

// read is something that an instance depends on: an answer, an instance of another entry,
// or the agent's memory.
type read struct {
	asked *asked
	sub   *tableEntry
	place int
	stamp uint64
}

func newTable(t *tabling) *table {
	return &table{tabling: t, revision: 1, entries: make([][]*tableEntry, t.predicates), asked: map[question]*asked{}}
}

// tell records that answers may differ from now on. A nil table is none.
func (t *table) tell(names ...string) {
	if t == nil {
		return
	}
	t.revision++
	if len(names) == 0 {
		for i := range t.news {
			t.news[i] = t.revision
		}
	}
	for _, name := range names {
		if i, known := slices.BinarySearch(t.tabling.names, name); known {
			t.news[i] = t.revision
		}
	}
}

// waits is told the names of which Changed events come: what was asked under another name
// is not known any more.
func (t *table) waits(names []string) {
	if t == nil {
		return
	}
	lost := t.fresh
	for _, name := range names {
		if i, known := slices.BinarySearch(t.tabling.names, name); known {
			lost &^= 1 << i
		}
	}
	t.fresh &^= lost
	for ; lost != 0; lost &= lost - 1 {
		t.tell(t.tabling.names[bits.TrailingZeros64(lost)])
	}
}

// tellMemory records that the agent's memory changed.
func (t *table) tellMemory() {
	if t != nil {
		t.revision++
		t.stamps++
		t.memory = t.stamps
	}
}

// begin begins a look. It drops all entries when they have become too many.
func (t *table) begin() {
	if t == nil {
		return
	}
	t.end()
	t.look++
	if t.weight >= tableMost {
		t.empty()
	}
}

func (t *table) empty() {
	clear(t.entries)
	clear(t.asked)
	t.weight = 0
}

// helper returns a solver that derives for another one, until the look ends.
func (t *table) helper(of *solver) *solver {
	h := of.workspace.takeHelper()
	h.m, h.around, h.workspace, h.tabling = of.m, of.around, of.workspace, of.tabling
	h.begin(of.agent, of.thread)
	t.helpers = append(t.helpers, h)
	return h
}

// end ends a look.
func (t *table) end() {
	if t == nil {
		return
	}
	for i, h := range t.helpers {
		h.workspace.giveHelper(h)
		t.helpers[i] = nil
	}
	t.helpers = t.helpers[:0]
}

// entry returns the entry for a call; nil when an argument is neither atomic nor a
// variable of its own.
func (t *table) entry(c *cnode, args []Term) *tableEntry {
	var of [tableArgs]Term
	for i, arg := range args {
		switch arg := deref(arg).(type) {
		case *Compound:
			return nil
		case *Var:
			if occursIn(arg, args[:i]) {
				return nil
			}
		default:
			of[i] = arg
		}
	}
	list := t.entries[c.table-1]
	for _, e := range list {
		if e.args == of && !e.dead {
			return e
		}
	}
	e := &tableEntry{call: c, args: of, revision: t.revision}
	if len(list) >= entriesMost {
		list = slices.Delete(list, 0, 1)
	}
	t.entries[c.table-1] = append(list, e)
	t.weight += 8
	return e
}

// until returns how many reads led to the first n instances.
func (e *tableEntry) until(n int) int {
	if n == 0 {
		return 0
	}
	return e.found[n-1].until
}

func (e *tableEntry) complete() bool { return len(e.found) > 0 && e.found[len(e.found)-1].end }

// truncate drops the instances from the n-th on; they are kept for comparison.
func (e *tableEntry) truncate(n int) {
	if n < len(e.found) {
		e.old, e.oldFrom = append(e.old[:0], e.found[n:]...), n
	}
	e.found, e.reads = e.found[:n], e.reads[:e.until(n)]
}

// add appends an instance.
func (t *table) add(e *tableEntry, in instance) {
	in.until = len(e.reads)
	at := len(e.found) - e.oldFrom
	if at >= 0 && at < len(e.old) && e.old[at].end == in.end && slices.EqualFunc(e.old[at].tuple, in.tuple, Equal) {
		in.stamp = e.old[at].stamp
	} else {
		t.stamps++
		in.stamp = t.stamps
	}
	t.weight += 2 + weigh(in.tuple) + in.until - e.until(len(e.found))
	e.found = append(e.found, in)
	if e.revision == t.revision {
		e.verified = len(e.found)
	}
}

// weigh counts the cells of a tuple.
func weigh(tuple []Term) (cells int) {
	for _, t := range tuple {
		cells++
		if c, ok := t.(*Compound); ok {
			cells += termCells(c.Args)
		}
	}
	return cells
}

// holds reports whether an entry has the n-th instance and it still holds.
func (t *table) holds(s *solver, e *tableEntry, n int) bool {
	if e.revision != t.revision {
		e.revision, e.verified = t.revision, 0
	}
	for ; e.verified <= n && e.verified < len(e.found); e.verified++ {
		if !t.verify(s, e, e.verified) {
			e.truncate(e.verified)
			break
		}
	}
	return n < len(e.found)
}

// verify checks what an instance has read, and sums its steps and its names.
func (t *table) verify(s *solver, e *tableEntry, n int) bool {
	in := &e.found[n]
	in.steps, in.names = in.own, 0
	for _, r := range e.reads[e.until(n):in.until] {
		switch {
		case r.sub != nil:
			sub := t.instance(s, r.sub, r.place)
			if sub == nil || sub.stamp != r.stamp {
				return false
			}
			in.steps, in.names = in.steps+sub.steps, in.names|sub.names
		case r.asked != nil:
			if t.refresh(s.around, r.asked); r.asked.stamp != r.stamp {
				return false
			}
			in.names |= 1 << r.asked.name
		case r.stamp != t.memory:
			return false
		}
	}
	return true
}

// instance returns the n-th instance of an entry, which it derives where it must; nil
// when there is none. It charges nothing: whoever uses the instance is charged.
func (t *table) instance(s *solver, e *tableEntry, n int) *instance {
	if !e.dead && !t.holds(s, e, n) {
		steps, cells := s.m.steps, s.m.cells
		for !e.dead && len(e.found) <= n && !e.complete() {
			t.derive(s, e, len(e.found))
		}
		s.m.uncharged += uint64(s.m.steps - steps)
		s.m.steps, s.m.cells = steps, cells
	}
	if e.dead || n >= len(e.found) {
		return nil
	}
	return &e.found[n]
}
