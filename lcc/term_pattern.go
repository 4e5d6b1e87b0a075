package lcc

import (
	"errors"
	"fmt"

	"parley/lcc/syntax"
)

// Bindings are the values of variables of patterns, by name.
type Bindings map[string]Term

// Pattern is a term with variables outside any clause: what a person writes
// who looks for a message or a fact. A variable of one name is one value; _ is
// any, each time another.
type Pattern struct {
	template Term
	names    []string
	text     string
}

// ParsePattern reads one term in LCC's notation that may have variables, such
// as price(X, _).
func ParsePattern(text string) (Pattern, error) {
	// As an argument it may be a number with a sign, or arithmetic.
	const before, after = "term(", ")"
	outer, err := syntax.ParseTerm(before + text + after)
	if err != nil {
		var found *syntax.Error
		if errors.As(err, &found) && found.Line == 1 {
			found.Column = max(found.Column-len(before), 1)
		}
		return Pattern{}, err
	}
	call, ok := outer.(*syntax.Const)
	if !ok || len(call.Args) != 1 {
		return Pattern{}, fmt.Errorf("%s: one term is needed", text)
	}
	c := compiler{}
	c.begin()
	return Pattern{template: c.term(call.Args[0]), names: c.scope.list, text: text}, nil
}

// ParseTerm reads one ground term in LCC's notation, such as
// overloaded(0.7) or [lamp, "b"].
func ParseTerm(text string) (Term, error) {
	p, err := ParsePattern(text)
	if err != nil {
		return nil, err
	}
	if len(p.names) > 0 {
		return nil, fmt.Errorf("%s: a variable stands where a value is needed", text)
	}
	return p.template, nil
}

// String is the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Match says whether a term is an instance of the pattern under the bindings,
// and adds to them what its variables are. An unbound variable in the term, as
// the roles of records may have, is any value. On false the bindings are as
// they were.
func (p Pattern) Match(t Term, b Bindings) bool {
	s := p.open(b)
	ground := s.m.ground(t)
	if !ground {
		t = rename(t, map[*Var]Term{})
	}
	if !s.m.match(&s.tr, p.template, s.frame, t, ground) {
		return false
	}
	for i, name := range p.names {
		if name != "" {
			b[name] = s.frame.vars[i]
		}
	}
	return true
}

// Solve makes the pattern the answer to a goal, which may have unbound
// variables where it asks: it returns the arguments of the goal as the pattern
// has them. It is false where the two are not of one shape, or where an
// argument has no value after all.
func (p Pattern) Solve(goal Term) (args []Term, ok bool) {
	s := p.open(nil)
	name, _, _ := Name(goal)
	fresh := rename(goal, map[*Var]Term{})
	if functor, _, ok := Name(s.m.term(p.template, s.frame)); !ok || functor != name {
		return nil, false
	}
	if !s.m.match(&s.tr, p.template, s.frame, fresh, false) {
		return nil, false
	}
	solved := s.m.resolve(fresh)
	_, args, _ = Name(solved)
	return args, s.m.ground(solved)
}

// patternLook is what one look at a pattern needs.
type patternLook struct {
	m     meter
	tr    trail
	frame *frame
}

func (p Pattern) open(b Bindings) *patternLook {
	limits := defaultLimits
	s := &patternLook{m: meter{limits: limits}, frame: newFrame(p.names)}
	for i, name := range p.names {
		if value, ok := b[name]; ok && name != "" {
			s.frame.vars[i] = value
		}
	}
	return s
}
