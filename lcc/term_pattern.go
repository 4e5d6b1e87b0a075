package lcc

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"parley/lcc/syntax"
)

// Bindings maps the variables of patterns to their values.
type Bindings map[string]Term

// Pattern is a term with variables outside any clause, with which a person searches for
// a message or a fact. Variables with the same name have the same value; each _ matches
// anything.
type Pattern struct {
	template Term
	names    []string
	text     string
}

// ParsePattern parses one term in LCC notation that may contain variables, such as
// price(X, _).
func ParsePattern(text string) (Pattern, error) {
	// As an argument, a number may have a sign, and arithmetic is allowed.
	const before, after = "term(", ")"
	outer, err := syntax.ParseTerm(before + text + after)
	if err != nil {
		var found *syntax.Error
		if errors.As(err, &found) && found.Line == 1 && found.Column >= utf8.RuneCountInString(before+text)+1 {
			return Pattern{}, fmt.Errorf("%s breaks off: is there a bracket too few or too many?", text)
		}
		if found != nil && found.Line == 1 {
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

// ParseTerm parses one ground term in LCC notation, such as overloaded(0.7) or [lamp,
// "b"].
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

// String returns the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Functor returns the name and the number of arguments of what the pattern matches; ""
// where any term matches.
func (p Pattern) Functor() (name string, arity int) {
	name, args, _ := templateName(p.template)
	return name, len(args)
}

// Match reports whether a term is an instance of the pattern under the bindings, and
// adds the values of the pattern's variables to them. An unbound variable in the term,
// as in the roles of records, matches any value. On false the bindings are unchanged.
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

// Solve answers a goal, which may have unbound variables, with the pattern: it returns
// the arguments of the goal as the pattern binds them. It returns false when the two do
// not unify or when an argument remains unbound.
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

// patternLook is the state of one match of a pattern.
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
