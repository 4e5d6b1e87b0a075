package lcc

import (
	"slices"

	"parley/lcc/syntax"
)

// Facts returns the argument tuples of the model's ground facts of a predicate,
// in the order of the text: the parameters at the head of a policy.
func (m *Model) Facts(name string, arity int) (tuples [][]Term) {
	for _, r := range m.rules[key{name, arity}] {
		if r.body == nil && len(r.names) == 0 {
			tuples = append(tuples, append([]Term(nil), r.args...))
		}
	}
	return tuples
}

// Opens reports whether the clause of a role without parameters can begin by receiving
// a message, so that subscribing to it makes sense.
func (m *Model) Opens(role string) bool {
	c := m.clauses[key{role, 0}]
	return c != nil && len(c.openings) > 0
}

// ForOthers reports whether the text names with @knows what its peers answer and no host
// has.
func (m *Model) ForOthers() bool {
	return slices.ContainsFunc(m.file.Items, func(i syntax.Item) bool {
		a, ok := i.(*syntax.Annotation)
		return ok && a.Name == "knows" && len(a.Args) > 0
	})
}
