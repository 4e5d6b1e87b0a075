package lcc

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
