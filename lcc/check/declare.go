package check

import (
	"fmt"
	"slices"
	"strings"

	"parley/internal/spell"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file reads what a text declares of its messages, facts and constraints:
//
//	@message(ask(Guest = string, Load = share))
//	@fact(high(Level = share))
//	@constraint(price(Item = given(atom), Price = answer(number(euro))))
//
// A declaration is a signature as the host's vocabulary has them.

// Declared are the signatures of a text.
type Declared struct {
	Messages, Predicates *vocabulary.Set
	// speaking are the files that declare messages: a library and the text that imports it
	// declare each its own.
	speaking map[string]bool
}

// unitShare is the unit of shares, as hosts name it.
const unitShare = "share 0..1"

// docDeclared marks values that the text declares itself.
const docDeclared = "declared"

// types are those that a name alone can mean.
var types = []string{"number", "integer", "string", "atom", "list", "term", "share"}

// Declarations returns what a text declares, and what of it cannot be read.
func Declarations(file *syntax.File) (d Declared, faults []Diagnostic) {
	d = Declared{&vocabulary.Set{}, &vocabulary.Set{}, map[string]bool{}}
	if file == nil {
		return d, nil
	}
	for _, item := range file.Items {
		a, ok := item.(*syntax.Annotation)
		if !ok || a.Name != "message" && a.Name != "fact" && a.Name != "constraint" {
			continue
		}
		into := d.Predicates
		if a.Name == "message" {
			into = d.Messages
			d.speaking[a.File] = true
		}
		for _, arg := range a.Args {
			r := signatureReader{of: a.Name}
			if s, ok := r.signature(arg); ok {
				if _, twice := into.Lookup(s.Name, len(s.Params)); twice {
					r.fault(arg.Pos(), "leave one of the two", "%s is declared twice", s.Name)
				}
				into.Predicates = append(into.Predicates, s)
			}
			faults = append(faults, r.faults...)
		}
		if len(a.Args) == 0 {
			r := signatureReader{}
			r.fault(a.Pos(), "write @"+a.Name+"(ask(Guest = string, Load = share))", "@%s declares nothing", a.Name)
			faults = append(faults, r.faults...)
		}
	}
	return d, faults
}

// signatureReader reads one signature.
type signatureReader struct {
	of     string // the annotation
	faults []Diagnostic
}

func (r *signatureReader) fault(at syntax.Position, hint, format string, args ...any) {
	r.faults = append(r.faults, Diagnostic{
		Code: codeDeclaration, Severity: Warning, Pos: at, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (r *signatureReader) signature(t syntax.Term) (s vocabulary.Signature, ok bool) {
	c, ok := t.(*syntax.Const)
	if !ok {
		r.fault(t.Pos(), "write @"+r.of+"(ask(Guest = string, Load = share))", "%s is no declaration", syntax.Short(syntax.Text(t), 40))
		return s, false
	}
	s.Name = c.Name
	for i, arg := range c.Args {
		p := vocabulary.Param{Name: fmt.Sprintf("Arg%d", i+1), Mode: vocabulary.InOut}
		if goal, ok := arg.(*syntax.Goal); ok {
			equals, ok := goal.Cons.(*syntax.Compare)
			name := ""
			if ok {
				name = nameOf(equals.Left)
			}
			if name == "" || equals.Op != "=" {
				r.fault(arg.Pos(), "write a name and a type: Load = share", "%s names no type", syntax.Short(syntax.Text(arg), 40))
				return s, false
			}
			p.Name, arg = name, equals.Right
		}
		if !r.typed(&p, arg, true) {
			return s, false
		}
		s.Params = append(s.Params, p)
	}
	return s, true
}

// typed reads a type; modes says that it may be in given(...) or answer(...).
func (r *signatureReader) typed(p *vocabulary.Param, t syntax.Term, modes bool) bool {
	switch t := t.(type) {
	case *syntax.Wildcard:
		p.Type = "term"
		return true
	case *syntax.Const:
		switch {
		case len(t.Args) == 0 && t.Name == "share":
			p.Type, p.Unit = "number", unitShare
		case len(t.Args) == 0 && slices.Contains(types, t.Name):
			p.Type = t.Name
		case len(t.Args) == 0:
			hint := "there are " + strings.Join(types, ", ") + ", number(Unit), one(a, b), and forms such as need(_, _)"
			if near := spell.Nearest(t.Name, types); near != "" {
				hint = "did you mean " + near + "?"
			}
			r.fault(t.Pos(), hint, "there is no type %s", t.Name)
			return false
		case modes && len(t.Args) == 1 && t.Name == "given":
			p.Mode = vocabulary.In
			return r.typed(p, t.Args[0], false)
		case modes && len(t.Args) == 1 && t.Name == "answer":
			return r.typed(p, t.Args[0], false)
		case len(t.Args) == 1 && (t.Name == "number" || t.Name == "integer"):
			unit := spelling(t.Args[0])
			if unit == "" {
				r.fault(t.Pos(), "write number(seconds), or number alone", "%s has no unit", syntax.Text(t))
				return false
			}
			p.Type, p.Unit = t.Name, unit
		case len(t.Args) == 1 && t.Name == "list":
			p.Type = "list"
		case t.Name == "one":
			p.Type, p.Doc = "atom", docDeclared
			for _, arg := range t.Args {
				if name := constantName(arg); name != "" {
					p.Values = append(p.Values, name)
					continue
				}
				r.fault(arg.Pos(), "write one(cpu, memory)", "%s is no constant", syntax.Text(arg))
				return false
			}
		default:
			p.Type = syntax.Text(t)
		}
		return true
	}
	r.fault(t.Pos(), "there are "+strings.Join(types, ", "), "%s is no type", syntax.Short(syntax.Text(t), 40))
	return false
}

// checkMessage holds a message against its declaration. A text that declares messages
// declares all of them.
func checkMessage(cc *clauseCheck, t syntax.Term) {
	m, ok := t.(*syntax.Const)
	if !ok || len(cc.words.declared.Messages.Predicates) == 0 {
		return
	}
	s, ok := cc.words.declared.Messages.Lookup(m.Name, len(m.Args))
	if ok {
		for i, p := range s.Params {
			cc.vars.kinds.argument(m.Args[i], p)
		}
		return
	}
	if !cc.words.declared.speaking[m.File] {
		return
	}
	var all []string
	hint := ""
	for _, s := range cc.words.declared.Messages.Predicates {
		if s.Name == m.Name {
			hint = fmt.Sprintf("it is declared with %s", arguments(len(s.Params)))
		}
		all = append(all, s.Name)
	}
	if hint == "" {
		hint = didYouMean(m.Name, all)
	}
	if hint == "" {
		args := strings.TrimSuffix(strings.Repeat("_, ", len(m.Args)), ", ")
		hint = "write @message(" + strings.TrimSuffix(m.Name+"("+args+")", "()") + ")"
	}
	cc.report(codeDeclaration, Warning, m.Pos(), hint, "message %s with %s is not declared", m.Name, arguments(len(m.Args)))
}

// checkFact holds a fact, the head of a rule, or what is remembered or asked for in memory
// against its declaration.
func checkFact(cc *clauseCheck, t syntax.Term) {
	fact, ok := t.(*syntax.Const)
	if !ok {
		return
	}
	if s, ok := cc.words.declared.Predicates.Lookup(fact.Name, len(fact.Args)); ok {
		for i, p := range s.Params {
			cc.vars.kinds.argument(fact.Args[i], p)
		}
	}
}
