package lcc

import "parley/lcc/syntax"

// Fact is a ground term with its place in a text.
type Fact struct {
	Pos  syntax.Position
	Term Term
}

// ParseFacts parses facts and rules in LCC notation, each with a dot behind it, with comments
// and in as many lines as their writer likes. It returns all faults; rules is nil where there
// is no rule.
func ParseFacts(name string, text []byte) (facts []Fact, rules *Rules, faults []*syntax.Error) {
	file, faults := syntax.Parse(name, text)
	if file == nil {
		return nil, nil, faults
	}
	return factsOf(file, faults)
}

// FactsOf takes the facts and rules of a text apart, and finds what is neither.
func FactsOf(file *syntax.File) (facts []Fact, rules *Rules, faults []*syntax.Error) {
	return factsOf(file, nil)
}

// factsOf adds to the faults of the text. Where there are some it compiles no rules, which
// may lack those that were not read.
func factsOf(file *syntax.File, faults []*syntax.Error) ([]Fact, *Rules, []*syntax.Error) {
	var facts []Fact
	derive := &syntax.File{Name: file.Name}
	wrong := func(pos syntax.Position, message, hint string) {
		faults = append(faults, &syntax.Error{Position: pos, Message: message, Hint: hint})
	}
	for _, item := range file.Items {
		r, ok := item.(*syntax.Rule)
		switch {
		case !ok:
			wrong(item.Pos(), "this is neither a fact nor a rule",
				"write facts such as in_stock(lamp, 5).; clauses and declarations stand in the model")
			continue
		case r.Body != nil:
			derive.Items = append(derive.Items, r)
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
	if len(derive.Items) == 0 || len(faults) > 0 {
		return facts, nil, faults
	}
	rules, faults := newRules(derive)
	return facts, rules, faults
}
