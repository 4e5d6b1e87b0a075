package lcc

import "slices"

// memory holds the facts that an agent remembers, oldest first.
type memory struct {
	facts []memo
	cells int // of all facts
	index factIndex
}

// memo is one remembered fact.
type memo struct {
	key   key
	args  []Term
	tuple []Term // the fact alone, as known(Fact) enumerates it
}

// tuples returns the argument tuples of the remembered facts of a
// predicate, oldest first.
func (m *memory) tuples(k key) (tuples [][]Term) {
	for _, fact := range m.facts {
		if fact.key == k {
			tuples = append(tuples, fact.args)
		}
	}
	return tuples
}

// find returns the index of a fact, or -1.
func (m *memory) find(fact Term) int {
	name, args, _ := Name(fact)
	k := key{name, len(args)}
	return slices.IndexFunc(m.facts, func(f memo) bool {
		return f.key == k && slices.EqualFunc(f.args, args, Equal)
	})
}

// remember stores a fact. It does nothing when the fact is remembered already.
func (m *memory) remember(fact Term) {
	if m.find(fact) >= 0 {
		return
	}
	name, args, _ := Name(fact)
	m.index = nil
	m.facts = append(m.facts, memo{key{name, len(args)}, args, []Term{fact}})
	m.cells += 2 + termCells(args)
}

// forget removes a remembered fact.
func (m *memory) forget(fact Term) {
	if i := m.find(fact); i >= 0 {
		m.cells -= 2 + termCells(m.facts[i].args)
		m.facts = slices.Delete(m.facts, i, i+1)
		m.index = nil
	}
}
