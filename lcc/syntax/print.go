package syntax

import (
	"strconv"
	"strings"
)

// Short truncates a text to a number of characters.
func Short(text string, length int) string {
	if runes := []rune(text); len(runes) > length {
		return string(runes[:length]) + "..."
	}
	return text
}

// Text prints a node in LCC notation, on one line, with parentheses around every group
// and ASCII arrows; parsing it gives an equal tree.
func Text(n Node) string {
	var p printer
	switch n := n.(type) {
	case Item:
		p.item(n)
	case *Agent:
		p.agent(n)
	case Def:
		p.def(n, false)
	case Cons:
		p.cons(n, false)
	case Term:
		p.term(n, 0)
	}
	return p.String()
}

// printer prints nodes. bounds limits the depth of the tree, which bounds the
// recursion; sequences are handled in a loop.
type printer struct{ strings.Builder }

func (p *printer) write(parts ...string) {
	for _, part := range parts {
		p.WriteString(part)
	}
}

func (p *printer) item(item Item) {
	switch item := item.(type) {
	case *RoleDecl:
		p.write("r(")
		p.term(item.Role, 0)
		p.write(", ", item.Kind)
		for _, n := range []int{item.Min, item.Max} {
			if n >= 0 {
				p.write(", ", strconv.Itoa(n))
			}
		}
		p.write(").")
	case *Annotation:
		p.note("@"+item.Name, item.Args)
	case *Clause:
		p.agent(item.Agent)
		p.write(" :: ")
		p.def(item.Body, false)
	case *Rule:
		p.term(item.Head, 0)
		if item.Body != nil {
			p.write(" :- ")
			p.cons(item.Body, false)
		}
		p.write(".")
	}
}

// note prints an annotation. A nested one is a constant whose name keeps the @.
func (p *printer) note(name string, args []Term) {
	p.write(name)
	for i, arg := range args {
		p.write([]string{"(", ", "}[min(i, 1)])
		inner, ok := arg.(*Const)
		if ok && strings.HasPrefix(inner.Name, "@") && constantText(inner.Name[1:]) == inner.Name[1:] {
			p.note(inner.Name, inner.Args)
			continue
		}
		p.term(arg, 0)
	}
	if len(args) > 0 {
		p.write(")")
	}
}

func (p *printer) agent(a *Agent) {
	p.write("a(")
	p.term(a.Role, 0)
	p.write(", ")
	p.term(a.ID, 0)
	p.write(")")
}

// def prints a definition; inner says that a group needs parentheses.
func (p *printer) def(d Def, inner bool) {
	switch d.(type) {
	case *Then, *Or, *Par:
		if inner {
			p.write("(")
			defer p.write(")")
		}
	}
	switch d := d.(type) {
	case *Then:
		p.sequence(d)
	case *Or:
		p.branches(d.Branches, " or ")
	case *Par:
		p.branches(d.Branches, " par ")
	default:
		p.event(d)
	}
}

func (p *printer) sequence(d *Then) {
	for {
		p.def(d.First, true)
		p.write(" then ")
		rest, ok := d.Rest.(*Then)
		if !ok {
			p.def(d.Rest, true)
			return
		}
		d = rest
	}
}

func (p *printer) branches(list []Def, between string) {
	for i, d := range list {
		if i > 0 {
			p.write(between)
		}
		p.def(d, true)
	}
}

func (p *printer) event(d Def) {
	var guard Cons
	switch d := d.(type) {
	case *Null:
		p.write("null")
		guard = d.Guard
	case *Do:
		p.cons(d.Goal, false)
		guard = d.Guard
	case *Enter:
		p.agent(d.Agent)
		guard = d.Guard
	case *Send:
		p.term(d.Message, 0)
		p.write(" => ")
		p.agent(d.To)
		guard = d.Guard
	case *Receive:
		if d.Effect != nil {
			p.cons(d.Effect, false)
			p.write(" <- ")
		}
		p.term(d.Message, 0)
		p.write(" <= ")
		p.agent(d.From)
		guard = d.Guard
	}
	if guard != nil {
		p.write(" <- ")
		p.cons(guard, false)
	}
}

// cons prints a constraint; inner says that a conjunction needs parentheses. A
// disjunction always has them and uses ";", because "or" after an arrow would separate
// branches.
func (p *printer) cons(c Cons, inner bool) {
	switch c := c.(type) {
	case *And:
		p.parts(c.Parts, " and ", inner)
	case *Disj:
		p.parts(c.Parts, "; ", true)
	case *Not:
		p.write("not ")
		p.cons(c.Part, true)
	case *Compare:
		p.term(c.Left, 0)
		p.write(" ", c.Op, " ")
		p.term(c.Right, 0)
	case *Call:
		p.term(c.Goal, 0)
	}
}

func (p *printer) parts(list []Cons, between string, parens bool) {
	if parens {
		p.write("(")
		defer p.write(")")
	}
	for i, part := range list {
		if i > 0 {
			p.write(between)
		}
		p.cons(part, true)
	}
}
