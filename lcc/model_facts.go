package lcc

import (
	"fmt"
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

// Messages returns, sorted, the messages that the text sends or receives, as name/arity.
// open says that one of them is a variable, so that there may be others.
func (m *Model) Messages() (names []string, open bool) {
	add := func(t syntax.Term) {
		if c, ok := t.(*syntax.Const); ok {
			names = append(names, fmt.Sprintf("%s/%d", c.Name, len(c.Args)))
		} else {
			open = true
		}
	}
	for _, item := range m.file.Items {
		if clause, ok := item.(*syntax.Clause); ok {
			syntax.Walk(clause.Body, func(d syntax.Def) {
				switch d := d.(type) {
				case *syntax.Send:
					add(d.Message)
				case *syntax.Receive:
					add(d.Message)
				}
			})
		}
	}
	slices.Sort(names)
	return slices.Compact(names), open
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
		return ok && (a.Name == "knows" || a.Name == "constraint") && len(a.Args) > 0
	})
}
