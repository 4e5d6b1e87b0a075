package lcc

import (
	"fmt"

	"parley/lcc/syntax"
)

// ParseTerm reads one ground term in LCC's notation, such as
// overloaded(0.7) or [lamp, "b"].
func ParseTerm(text string) (Term, error) {
	tree, err := syntax.ParseTerm(text)
	if err != nil {
		return nil, err
	}
	c := compiler{}
	c.begin()
	t := c.term(tree)
	switch t.(type) {
	case slot, *pattern:
		return nil, fmt.Errorf("%s: a variable stands where a value is needed", text)
	}
	return t, nil
}
