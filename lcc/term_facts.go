package lcc

import "parley/lcc/syntax"

// Fact is a ground term with its place in a text.
type Fact struct {
	Pos  syntax.Position
	Term Term
}

// ParseFacts parses facts in LCC notation, each with a dot behind it, with comments and in
// as many lines as their writer likes. It returns all faults.
func ParseFacts(name string, text []byte) (facts []Fact, faults []*syntax.Error) {
	file, faults := syntax.Parse(name, text)
	if file == nil {
		return nil, faults
	}
	wrong := func(pos syntax.Position, message, hint string) {
		faults = append(faults, &syntax.Error{Position: pos, Message: message, Hint: hint})
	}
	for _, item := range file.Items {
		r, ok := item.(*syntax.Rule)
		switch {
		case !ok:
			wrong(item.Pos(), "this is no fact", "write facts such as in_stock(lamp, 5).; clauses and declarations stand in the model")
			continue
		case r.Body != nil:
			wrong(item.Pos(), "this is a rule", "write facts such as in_stock(lamp, 5).; rules stand in the model")
			continue
		}
		c := compiler{}
		c.begin()
		term := c.term(r.Head)
		if len(c.scope.list) > 0 {
			wrong(item.Pos(), "a variable stands where a value is needed", "write a value: a fact holds of what it names")
			continue
		}
		facts = append(facts, Fact{item.Pos(), term})
	}
	return facts, faults
}
