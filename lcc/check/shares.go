package check

import (
	"strings"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file follows shares from 0 to 1 through the rules of a text, to the facts that are held
// against them: high(80), where L > High is asked of a load L.

// origin is the argument of a text's facts that gives a variable its value.
type origin struct {
	of key
	at int
}

// unit is the unit of a term: of a variable, or of the difference of two that have it.
func (k kinds) unit(t syntax.Term) string {
	if c, ok := t.(*syntax.Const); ok && c.Name == "-" && len(c.Args) == 2 {
		if a, b := k.unit(c.Args[0]), k.unit(c.Args[1]); isShare(a) && isShare(b) {
			return a
		}
	}
	return k.units[nameOf(t)]
}

// factShare reports facts that give a variable a number which is no share, where it turns out
// to be one: high(80), where overloaded(High, _) is asked, or L > High for a load L.
func (k kinds) factShare(name, unit, what string) {
	from, ok := k.known[name]
	if !ok || !isShare(unit) {
		return
	}
	for _, rule := range k.rules {
		if rule.Body == nil && (key{rule.Head.Name, len(rule.Head.Args)}) == from.of {
			k.share(rule.Head.Args[from.at], unit, what+", which "+rule.Head.Name+" is held against,")
		}
	}
}

// summands are what a term is the sum, the difference or a part of; where the term is held
// against a share, so are they.
func (k kinds) summands(t syntax.Term, unit, what string) {
	if !isShare(unit) {
		return
	}
	switch t := t.(type) {
	case *syntax.Var:
		k.factShare(t.Name, unit, what)
		if k.units[t.Name] == "" {
			k.units[t.Name] = unit
		}
	case *syntax.Const:
		switch {
		case len(t.Args) == 2 && strings.Contains("+ - min max", t.Name):
			for _, arg := range t.Args {
				if name := nameOf(arg); name != "" {
					k.factShare(name, unit, what)
				}
			}
		case len(t.Args) == 2 && strings.Contains("* /", t.Name):
			if _, number := literal(t.Args[1]); number {
				k.factShare(nameOf(t.Args[0]), unit, what)
			}
		}
	}
}

// findShares finds the arguments of rules that are shares in all rules of their predicate. A
// rule hands on those of others, so it looks several times.
func findShares(c *checker) {
	c.silent = true
	for range handedOn / 2 {
		found, differs := map[param]bool{}, map[param]bool{}
		for _, rule := range c.rules {
			if rule.Body == nil {
				continue
			}
			cc := bodyOf(c, rule)
			for i, arg := range rule.Head.Args {
				p := param{key{rule.Head.Name, len(rule.Head.Args)}, i}
				if isShare(cc.vars.kinds.unit(arg)) {
					found[p] = true
				} else {
					differs[p] = true
				}
			}
		}
		more := false
		for p := range found {
			if !differs[p] && !c.words.shares[p] {
				c.words.shares[p], more = true, true
			}
		}
		if !more {
			break
		}
	}
	c.silent = false
}

// ofRules notes which arguments of a goal are shares by the rules of the text.
func (k kinds) ofRules(goal *syntax.Const) {
	for i, arg := range goal.Args {
		if !k.words.shares[param{key{goal.Name, len(goal.Args)}, i}] {
			continue
		}
		k.share(arg, unitShare, "the argument of "+goal.Name)
		if v, ok := arg.(*syntax.Var); ok {
			k.variable(v, vocabulary.Param{Name: goal.Name, Unit: unitShare})
		}
	}
}
