package check

import (
	"fmt"
	"maps"
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
	of     map[string]string
	units  map[string]string
	values map[string]syntax.Term // of those that are a constant, whatever happens
	known  map[string]origin      // of those that the facts of the text give a value
}

func (c *checker) newKinds() kinds {
	return kinds{c, map[string]string{}, map[string]string{}, map[string]syntax.Term{}, map[string]origin{}}
}

// argument checks an argument of the host's constraint, and remembers the kind of a
// variable.
func (k kinds) argument(arg syntax.Term, p vocabulary.Param) {
	if v, ok := arg.(*syntax.Var); ok {
		k.variable(v, p)
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
		k.share(arg, p.Unit, p.Name)
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

// within returns a copy for one branch of several: what a branch binds holds in it alone.
func (k kinds) within() kinds {
	return kinds{k.checker, maps.Clone(k.of), maps.Clone(k.units), maps.Clone(k.values), maps.Clone(k.known)}
}

// variable checks a variable in the place of an argument, if its kind is known already, and
// remembers its kind.
func (k kinds) variable(v *syntax.Var, p vocabulary.Param) {
	k.factShare(v.Name, p.Unit, p.Name)
	kind, known := k.of[v.Name]
	switch {
	case !known || kind == "" || kind == "term":
		k.of[v.Name], k.units[v.Name] = p.Type, p.Unit
	case !alike(kind, p.Type):
		k.report(codeKind, Warning, v.Pos(), "give "+withArticle(p.Type), "%s is %s: %s takes %s", v.Name, withArticle(kind), p.Name,
			withArticle(p.Type))
	case !sameUnit(k.units[v.Name], p.Unit):
		k.report(codeKind, Warning, v.Pos(), "convert it", "%s is in %s: %s takes %s", v.Name, k.units[v.Name], p.Name, p.Unit)
	case k.units[v.Name] == "":
		k.units[v.Name] = p.Unit
	}
}

// alike reports whether a value of one type may be one of the other.
func alike(a, b string) bool {
	word := func(t string) string {
		form, _, _ := strings.Cut(t, "(")
		switch form {
		case "integer":
			return "number"
		case "string":
			return "atom"
		}
		return form
	}
	return a == "" || b == "" || a == "term" || b == "term" || word(a) == word(b)
}

func sameUnit(a, b string) bool {
	return a == "" || b == "" || strings.EqualFold(a, b) || isShare(a) && isShare(b)
}

func isShare(unit string) bool { return strings.Contains(unit, "0..1") }

// shareMost is the greatest number that is taken for a share: loads may pass 1.
const shareMost = 2

// share reports a number that is no share where one is meant, such as 80 for 0.8.
func (k kinds) share(t syntax.Term, unit, what string) {
	n, number := literal(t)
	if !number || !isShare(unit) || n <= shareMost && n >= -shareMost {
		return
	}
	hint := "write a number from 0 to 1"
	if n > 0 && n <= 100 {
		hint = fmt.Sprintf("write %v", n/100)
	}
	k.report(codeKind, Warning, t.Pos(), hint, "%s is a share from 0 to 1, and %s is not", what, syntax.Text(t))
}

// measured checks that the two sides of a comparison are measured in one unit.
func (k kinds) measured(c *syntax.Compare) {
	left, right := nameOf(c.Left), nameOf(c.Right)
	switch l, r := k.units[left], k.units[right]; {
	case left != "" && right != "" && !sameUnit(l, r):
		k.report(codeKind, Warning, c.Pos(), "compare what has one unit", "%s is in %s, and %s in %s", left, l, right, r)
	case left != "":
		k.share(c.Right, l, left)
	case right != "":
		k.share(c.Left, r, right)
	}
	k.summands(c.Right, k.unit(c.Left), syntax.Text(c.Left))
	k.summands(c.Left, k.unit(c.Right), syntax.Text(c.Right))
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
	if p.Doc == docDeclared {
		k.report(codeKind, Warning, arg.Pos(), hint, "%s is none of the values that the text declares", name)
		return
	}
	k.report(codeKind, Warning, arg.Pos(), hint, "%s is no %s of the host", name, strings.ToLower(p.Name))
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
