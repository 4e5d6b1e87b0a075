package syntax

import (
	"fmt"
	"strconv"
	"strings"
)

// dumper prints trees with the names of their types and a pair of parentheses for each
// functor, so that a test can see the parser's result without relying on the printer. A
// variable is ?X, an integer 5, a float 5f.
type dumper struct {
	strings.Builder
	marks bool // with Mixed
}

func dumpItems(items []Item, marks bool) string {
	d := dumper{marks: marks}
	for _, item := range items {
		switch item := item.(type) {
		case *RoleDecl:
			fmt.Fprintf(&d, "RoleDecl %s %s %d %d\n", lisp(item.Role), item.Kind, item.Min, item.Max)
		case *Annotation:
			fmt.Fprintf(&d, "Annotation %s%s\n", item.Name, lisps(item.Args))
		case *Rule:
			fmt.Fprintf(&d, "Rule %s%s\n", lisp(item.Head), after(" :- ", item.Body))
		case *Clause:
			fmt.Fprintf(&d, "Clause %s\n", party(item.Agent))
			d.def(item.Body, "  ")
		}
	}
	return d.String()
}

func (d *dumper) def(def Def, indent string) {
	d.WriteString(indent)
	switch def := def.(type) {
	case *Then:
		d.WriteString("Then\n")
		d.def(def.First, indent+"  ")
		d.def(def.Rest, indent+"  ")
	case *Or:
		d.branches("Or", def.Branches, def.Mixed, indent)
	case *Par:
		d.branches("Par", def.Branches, def.Mixed, indent)
	case *Null:
		fmt.Fprintf(d, "Null%s\n", after(" <- ", def.Guard))
	case *Do:
		fmt.Fprintf(d, "Do %s%s\n", polish(def.Goal), after(" <- ", def.Guard))
	case *Enter:
		fmt.Fprintf(d, "Enter %s%s\n", party(def.Agent), after(" <- ", def.Guard))
	case *Send:
		fmt.Fprintf(d, "Send %s to %s%s\n", lisp(def.Message), party(def.To), after(" <- ", def.Guard))
	case *Receive:
		fmt.Fprintf(d, "Receive %s from %s%s%s\n", lisp(def.Message), party(def.From), after(" <- ", def.Guard), after(" effect ", def.Effect))
	}
}

func (d *dumper) branches(name string, list []Def, mixed bool, indent string) {
	if mixed && d.marks {
		name += " mixed"
	}
	d.WriteString(name + "\n")
	for _, branch := range list {
		d.def(branch, indent+"  ")
	}
}

func party(a *Agent) string { return "a " + lisp(a.Role) + " " + lisp(a.ID) }

func after(arrow string, c Cons) string {
	if c == nil {
		return ""
	}
	return arrow + polish(c)
}

func polish(c Cons) string {
	switch c := c.(type) {
	case *And:
		return "and" + polishes(c.Parts)
	case *Disj:
		return "or" + polishes(c.Parts)
	case *Not:
		return "not" + polishes([]Cons{c.Part})
	case *Compare:
		return "{" + lisp(c.Left) + " " + c.Op + " " + lisp(c.Right) + "}"
	case *Call:
		return lisp(c.Goal)
	}
	return "nothing"
}

func polishes(list []Cons) string {
	var parts []string
	for _, c := range list {
		parts = append(parts, polish(c))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func lisp(t Term) string {
	switch t := t.(type) {
	case *Var:
		return "?" + t.Name
	case *Wildcard:
		return "_"
	case *IntTerm:
		return strconv.FormatInt(t.Value, 10)
	case *FloatTerm:
		return strconv.FormatFloat(t.Value, 'g', -1, 64) + "f"
	case *Str:
		return strconv.Quote(t.Value)
	case *ListTerm:
		if t.Tail == nil {
			return "[" + strings.TrimSpace(lisps(t.Items)) + "]"
		}
		return "[" + strings.TrimSpace(lisps(t.Items)) + " | " + lisp(t.Tail) + "]"
	case *Const:
		if len(t.Args) == 0 {
			return t.Name
		}
		return "(" + t.Name + lisps(t.Args) + ")"
	case *Goal:
		return "goal " + polish(t.Cons)
	}
	return "nothing"
}

func lisps(list []Term) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(" " + lisp(t))
	}
	return b.String()
}
