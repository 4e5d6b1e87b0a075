package lcc

// This file finds remembered facts by an argument. A text often asks the same of many peers:
// whether each of them has refused. Without an index each of these questions goes through all
// facts, which are the more the more peers there are.

// factIndex has what known(Fact) enumerates by predicate and place of an argument. It is made
// when it is asked for, and lost when the memory changes: within an event it does not change.
type factIndex map[factPlace]factsBy

type factPlace struct {
	key   key
	place int
}

// factsBy has the facts by what is in that place, oldest first; nil: one of them has a number
// or a compound term there, which is equal to others in more ways than an index knows.
type factsBy map[Term][][]Term

// matching returns the facts that may match, by the bound argument that leaves the fewest; false
// where no index helps.
func (m *memory) matching(k key, wanted []Term) (tuples [][]Term, indexes bool) {
	if len(m.facts) < indexFrom {
		return nil, false
	}
	for place, arg := range wanted {
		text, ok := textOf(deref(arg))
		if !ok {
			continue
		}
		by := m.by(factPlace{k, place})
		if found := by[String(text)]; by != nil && (!indexes || len(found) < len(tuples)) {
			tuples, indexes = found, true
		}
	}
	return tuples, indexes
}

func (m *memory) by(at factPlace) factsBy {
	by, made := m.index[at]
	if made {
		return by
	}
	by = factsBy{}
	for i := range m.facts {
		fact := &m.facts[i]
		if fact.key != at.key {
			continue
		}
		text, ok := textOf(fact.args[at.place])
		if !ok {
			by = nil
			break
		}
		by[String(text)] = append(by[String(text)], fact.tuple)
	}
	if m.index == nil {
		m.index = factIndex{}
	}
	m.index[at] = by
	return by
}
