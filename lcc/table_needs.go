package lcc

import "slices"

// This file spares an agent looks that would find what the last one found. An agent whose
// events are impossible waits for a change; most changes are such that it sees none: the
// answers that its last look used are the same.

// needs are the answers that an agent's looks used in one revision of its table.
type needs struct {
	list, spare []*asked
	revision    uint64
}

// need records that a look uses an answer. Within one revision an entry is verified once,
// so the answers of all its looks are needed.
func (t *table) need(a *asked) {
	if t.needs.revision != t.revision {
		t.needs.list, t.needs.revision = t.needs.list[:0], t.revision
	}
	if a.needed != t.revision {
		a.needed = t.revision
		t.needs.list = append(t.needs.list, a)
	}
}

// knowsNeeds reports whether the table has all answers that the agent's last look used. A
// nil table has none.
func (t *table) knowsNeeds() bool { return t != nil && t.needs.revision == t.revision }

// asks reports whether the answers of a name are those of questions.
func (t *table) asks(name string) bool {
	_, known := slices.BinarySearch(t.tabling.names, name)
	return known
}

// changed asks again what the last look asked, as far as its answers may differ since, and
// reports whether one does.
func (t *table) changed(around *surroundings) bool {
	old := t.needs.list
	t.needs.list = t.needs.spare[:0]
	t.needs.revision = t.revision
	for _, a := range old {
		stamp := a.stamp
		if t.refresh(around, a); a.stamp != stamp {
			// The look that follows finds out what it needs.
			t.needs.revision, t.needs.spare = 0, old
			for _, a := range old {
				a.needed = 0
			}
			return true
		}
	}
	t.needs.spare = old
	return false
}
