package lcc

import (
	"math/bits"
	"slices"
)

// uses are the predicates whose answers an agent used in its last look, by name.
type uses struct {
	names   []string // sorted
	bits    uint64   // those of a table that names holds
	indexed []string // the names that the engine's index holds
	direct  bool     // an answer did not come through the table, so none notices its change
}

// depend records that the current look used a predicate's answer.
func (a *agent) depend(name string) {
	at, found := slices.BinarySearch(a.uses.names, name)
	if !found {
		a.uses.names = slices.Insert(a.uses.names, at, name)
	}
}

// dependDirectly is depend for an answer that did not come through the agent's table.
func (a *agent) dependDirectly(name string) {
	a.depend(name)
	a.uses.direct = true
}

// dependAll is depend for a set of names.
func (a *agent) dependAll(t *tabling, set uint64) {
	for set &^= a.uses.bits; set != 0; set &= set - 1 {
		i := bits.TrailingZeros64(set)
		a.uses.bits |= 1 << i
		a.depend(t.names[i])
	}
}

// clear forgets what the current look used.
func (u *uses) clear() { u.names, u.bits, u.direct = u.names[:0], 0, false }
