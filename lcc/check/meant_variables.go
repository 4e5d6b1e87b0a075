package check

import (
	"slices"
	"strings"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file finds constants that were meant as variables: failed(k) in a clause that calls the
// peer K. Such a constraint never holds, and a message tells a letter for a value.

// spellings counts the constants and strings of a text that are values: neither a role nor a
// message by itself.
type spellings map[string]int

// spellingsOf counts those of a text, wherever they stand.
func spellingsOf(file *syntax.File) spellings {
	s := spellings{}
	for _, item := range file.Items {
		switch item := item.(type) {
		case *syntax.Clause:
			s.agent(item.Agent)
			syntax.Walk(item.Body, s.event)
		case *syntax.Rule:
			s.terms(item.Head)
			if item.Body != nil {
				s.cons(item.Body)
			}
		case *syntax.RoleDecl:
			s.terms(item.Role.Args...)
		case *syntax.Annotation:
			s.terms(item.Args...)
		}
	}
	return s
}

func (s spellings) terms(terms ...syntax.Term) {
	syntax.WalkTerms(func(t syntax.Term) {
		if name := spelling(t); name != "" {
			s[name]++
		}
	}, terms...)
}

func (s spellings) cons(cons syntax.Cons) {
	s.terms(&syntax.Goal{Position: cons.Pos(), Cons: cons})
}

// within counts the arguments of a role or a message.
func (s spellings) within(t syntax.Term) {
	if c, ok := t.(*syntax.Const); ok {
		s.terms(c.Args...)
	}
}

func (s spellings) agent(a *syntax.Agent) {
	s.within(a.Role)
	s.terms(a.ID)
}

func (s spellings) event(d syntax.Def) {
	switch d := d.(type) {
	case *syntax.Send:
		s.within(d.Message)
		s.agent(d.To)
	case *syntax.Receive:
		s.within(d.Message)
		s.agent(d.From)
	case *syntax.Enter:
		s.agent(d.Agent)
	}
	for _, cons := range syntax.Constraints(d) {
		s.cons(cons)
	}
}

// meantVariables reports constants of a clause or a rule that are written once in the text, and
// differ from a variable of it only in the first letter. vars are its variables, and terms
// what may hold such constants: messages, roles, constraints.
func meantVariables(cc *clauseCheck, vars *uses, terms []syntax.Term) {
	named := map[string]string{}
	for _, name := range vars.names() {
		if lower := strings.ToLower(name[:1]) + name[1:]; lower != name {
			named[lower] = name
		}
	}
	syntax.WalkTerms(func(t syntax.Term) {
		c, ok := t.(*syntax.Const)
		if !ok {
			return
		}
		for i, arg := range c.Args {
			name := constantName(arg)
			if variable := named[name]; variable != "" && cc.words.spellings[name] == 1 && !wanted(cc, c, i, variable) {
				cc.report(CodeMeantAsVar, Warning, arg.Pos(), "write "+variable+", or '"+name+"' with another name for the variable",
					"%s is a constant, and %s a variable of this clause: a variable begins with a capital letter", name, variable)
			}
		}
	}, terms...)
}

// wanted reports whether a constant may well be meant as an argument: the variable of this name
// stands beside it, as in share(cpu, Cpu), or the vocabulary or a declaration says so.
func wanted(cc *clauseCheck, c *syntax.Const, at int, variable string) bool {
	role := cc.has(constantName(c.Args[at])) && c.Name != "failed" // some predicates take the name of a role
	if role || slices.Contains(syntax.Variables(c), variable) {
		return true
	}
	s, known := cc.words.declared.Predicates.Lookup(c.Name, len(c.Args))
	if !known {
		s, known = cc.words.declared.Messages.Lookup(c.Name, len(c.Args))
	}
	if !known {
		s, known = cc.host.Lookup(c.Name, len(c.Args))
	}
	return known && takesConstant(s.Params[at])
}

// takesConstant reports whether a constant may be given for an argument. Where it may not for
// its kind, that is reported anyway.
func takesConstant(p vocabulary.Param) bool {
	open := p.Type == "" || p.Type == "term"
	return len(p.Values) > 0 || !open && !fits("atom", p.Type) || p.Mode != vocabulary.Out && (open || p.Type == "atom")
}

// termsOf returns the terms of a clause whose arguments may hold constants. The id of a partner
// counts as one.
func termsOf(clause *syntax.Clause) (terms []syntax.Term) {
	agent := func(a *syntax.Agent) syntax.Term {
		id := &syntax.Const{Position: a.Pos(), Name: "failed", Args: []syntax.Term{a.ID}} // which takes an id
		return &syntax.ListTerm{Position: a.Pos(), Items: []syntax.Term{a.Role, id}}
	}
	syntax.Walk(clause.Body, func(d syntax.Def) {
		switch d := d.(type) {
		case *syntax.Send:
			terms = append(terms, d.Message, agent(d.To))
		case *syntax.Receive:
			terms = append(terms, d.Message, agent(d.From))
		case *syntax.Enter:
			terms = append(terms, agent(d.Agent))
		}
		for _, cons := range syntax.Constraints(d) {
			terms = append(terms, &syntax.Goal{Position: cons.Pos(), Cons: cons})
		}
	})
	return terms
}
