package check

import (
	"slices"
	"strings"

	"parley/internal/spell"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file finds values of another kind than the host's vocabulary says: a constraint
// with such an argument never holds, and a comparison with one ends the agent.

// kinds are the kinds of a clause's variables, as types of the host's vocabulary, by the
// constraints that bind them.
type kinds struct {
	*checker
	of map[string]string
}

func (c *checker) newKinds() kinds { return kinds{c, map[string]string{}} }

// argument checks an argument of the host's constraint, and remembers the kind of a
// variable.
func (k kinds) argument(arg syntax.Term, p vocabulary.Param) {
	if v, ok := arg.(*syntax.Var); ok {
		// Another branch of a choice may bind it to another kind.
		if _, known := k.of[v.Name]; !known || p.Mode != vocabulary.In {
			k.of[v.Name] = p.Type
		}
		return
	}
	if _, goal := arg.(*syntax.Goal); goal {
		k.report(codeKind, Warning, arg.Pos(), "make it a part of the constraint, beside the call", "%s is a constraint: %s is a value",
			syntax.Short(syntax.Text(arg), 60), p.Name)
		return
	}
	kind := kindOf(arg)
	if kind == "" || p.Type == "" || p.Type == "term" || fits(kind, p.Type) {
		k.among(arg, p)
		return
	}
	hint := "give " + withArticle(p.Type)
	switch name := constantName(arg); {
	case kind == "atom" && p.Mode == vocabulary.Out:
		hint = "write a variable, which begins with a capital letter: " + strings.ToUpper(name[:1]) + name[1:]
	case kind == "string" && p.Type == "atom":
		hint = "write it without quotation marks"
	case kind == "atom" && p.Type == "string":
		hint = `write it in quotation marks: "` + name + `"`
	}
	k.report(codeKind, Warning, arg.Pos(), hint, "%s is %s: %s takes %s", syntax.Text(arg), withArticle(kind), p.Name, withArticle(p.Type))
}

// among checks that a constant is one of those that an argument may be.
func (k kinds) among(arg syntax.Term, p vocabulary.Param) {
	name := constantName(arg)
	if name == "" || len(p.Values) == 0 || slices.Contains(p.Values, name) {
		return
	}
	hint := "give one of " + strings.Join(p.Values, ", ")
	if near := spell.Nearest(name, p.Values); near != "" {
		hint = "did you mean " + near + "?"
	}
	k.report(codeKind, Warning, arg.Pos(), hint, "%s is no %s of the host", name, strings.ToLower(p.Name))
}

// ordered checks a side of a comparison by size, and the parts of a calculation in it.
func (k kinds) ordered(t syntax.Term) {
	kind, what := kindOf(t), ""
	if v, ok := t.(*syntax.Var); ok {
		kind = k.of[v.Name]
		what = " (the constraint before binds it to " + withArticle(kind) + ")"
	}
	if c, ok := t.(*syntax.Const); ok && isArithmetic(c) {
		for _, part := range c.Args {
			k.ordered(part)
		}
		return
	}
	if kind == "" || kind == "term" || fits(kind, "number") || kind == "integer" {
		return
	}
	k.report(codeKind, Warning, t.Pos(), "compare numbers: take the number out of it, as with need(Cores, MiB)",
		"%s is no number%s", syntax.Text(t), what)
}

// kindOf returns the kind of a literal, in the words of the vocabulary; a compound is its
// functor. "" is unknown.
func kindOf(t syntax.Term) string {
	switch t := t.(type) {
	case *syntax.IntTerm:
		return "integer"
	case *syntax.FloatTerm:
		return "number"
	case *syntax.Str:
		return "string"
	case *syntax.ListTerm:
		return "list"
	case *syntax.Const:
		switch {
		case isArithmetic(t):
			return "number"
		case t.Name == "[]":
			return "list"
		case len(t.Args) == 0:
			return "atom"
		}
		return t.Name + "(...)"
	}
	return ""
}

// fits reports whether a literal of a kind may stand where a type is taken. A form such
// as need(Cores, MiB) takes compounds of its functor.
func fits(kind, of string) bool {
	form, _, compound := strings.Cut(of, "(")
	return kind == of || kind == "integer" && of == "number" || compound && kind == form+"(...)" ||
		kind == "number" && of == "integer" // a calculation may give one
}

func constantName(t syntax.Term) string {
	if c, ok := t.(*syntax.Const); ok && len(c.Args) == 0 {
		return c.Name
	}
	return ""
}

func isArithmetic(c *syntax.Const) bool { return Calculates(c.Name, len(c.Args)) }

// Calculates says whether a term of this functor is a calculation where a number is
// taken. Package lcc carries it out.
func Calculates(functor string, arity int) bool {
	switch arity {
	case 1:
		return slices.Contains([]string{"-", "abs", "round", "floor", "ceiling", "float"}, functor)
	case 2:
		return slices.Contains([]string{"+", "-", "*", "/", "mod", "min", "max"}, functor)
	}
	return false
}

// withArticle puts an article before a kind: "a number", "an atom"; a form is itself.
func withArticle(kind string) string {
	switch {
	case kind == "" || strings.Contains(kind, "("):
		return kind
	case strings.ContainsAny(kind[:1], "aeiou"):
		return "an " + kind
	}
	return "a " + kind
}
