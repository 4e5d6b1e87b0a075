package lcc

import (
	"errors"
	"fmt"

	"parley/lcc/syntax"
)

// ParseTerm reads one ground term in LCC's notation, such as
// overloaded(0.7) or [lamp, "b"].
func ParseTerm(text string) (Term, error) {
	// As an argument it may be a number with a sign, or arithmetic.
	const before, after = "term(", ")"
	outer, err := syntax.ParseTerm(before + text + after)
	if err != nil {
		var found *syntax.Error
		if errors.As(err, &found) && found.Line == 1 {
			found.Column = max(found.Column-len(before), 1)
		}
		return nil, err
	}
	call, ok := outer.(*syntax.Const)
	if !ok || len(call.Args) != 1 {
		return nil, fmt.Errorf("%s: one term is needed", text)
	}
	tree := call.Args[0]
	c := compiler{}
	c.begin()
	t := c.term(tree)
	switch t.(type) {
	case slot, *pattern:
		return nil, fmt.Errorf("%s: a variable stands where a value is needed", text)
	}
	return t, nil
}
