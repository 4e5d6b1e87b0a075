package check

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"parley/lcc/syntax"
)

// This file finds constraints that constants decide: a calculation that has no value, a
// timeout that is none, a comparison that never holds. What they do they do each time, so
// that a trial shows it at once, if it comes by.

// TimeoutMax is the longest timeout(S) of a host as it comes.
const TimeoutMax = 30 * 24 * time.Hour

// know remembers the value that an equation gives a variable: X = lamp, X is 2 * 3.
func (k kinds) know(t, value syntax.Term) {
	v, ok := t.(*syntax.Var)
	if !ok {
		return
	}
	if known := k.valueOf(value); known != nil && k.values[v.Name] == nil {
		k.values[v.Name] = known
	}
	if kind := k.kind(value); kind != "" && k.of[v.Name] == "" {
		k.of[v.Name] = kind
	}
}

// valueOf returns the constant that a term is, or nil where it is none, or has parts that are
// not known.
func (k kinds) valueOf(t syntax.Term) syntax.Term {
	switch t := t.(type) {
	case *syntax.Var:
		return k.values[t.Name]
	case *syntax.IntTerm, *syntax.FloatTerm, *syntax.Str:
		return t
	case *syntax.Const:
		if len(t.Args) == 0 {
			return t
		}
	}
	return nil
}

// kind is the kind of a term, as far as it is known.
func (k kinds) kind(t syntax.Term) string {
	if v, ok := t.(*syntax.Var); ok {
		return k.of[v.Name]
	}
	return kindOf(t)
}

// number checks a term that is calculated, with all its parts, and returns its value; known is
// false where that is not certain. hint says what to write there.
func (k kinds) number(t syntax.Term, hint string) (value float64, known bool) {
	kind, of := k.kind(t), ""
	switch t := t.(type) {
	case *syntax.IntTerm, *syntax.FloatTerm:
		return literal(t)
	case *syntax.Var:
		if kind == "" || kind == "term" || fits(kind, "number") || kind == "integer" {
			if v := k.values[t.Name]; v != nil {
				return literal(v)
			}
			return 0, false
		}
		of = " (the constraint before binds it to " + withArticle(kind) + ")"
	case *syntax.Const:
		switch {
		case isArithmetic(t):
			return k.calculated(t, hint)
		case len(t.Args) > 0:
			of = ": there is no calculation of this name with " + arguments(len(t.Args))
		}
	}
	if kind == "" || kind == "term" {
		return 0, false
	}
	if _, isVar := t.(*syntax.Var); isVar && strings.Contains(kind, "(") {
		hint += ": take the number out of it, as with need(Cores, MiB)"
	}
	k.report(codeKind, Warning, t.Pos(), hint, "%s is no number%s", syntax.Short(syntax.Text(t), 60), of)
	return 0, false
}

// calculated checks a calculation.
func (k kinds) calculated(t *syntax.Const, hint string) (value float64, known bool) {
	known = true
	values := make([]float64, len(t.Args))
	for i, part := range t.Args {
		n, ok := k.number(part, hint)
		values[i], known = n, known && ok
	}
	if last := len(values) - 1; !known && (t.Name != "/" && t.Name != "mod" || !isZero(k.valueOf(t.Args[last]))) {
		return 0, false
	}
	value = calculate(t.Name, values)
	if math.IsNaN(value) || math.IsInf(value, 0) {
		k.report(codeKind, Warning, t.Pos(), "write one that has a value: its agent ends here", "%s has no finite value",
			syntax.Short(syntax.Text(t), 60))
		return 0, false
	}
	return value, known
}

func isZero(t syntax.Term) bool {
	n, number := literal(t)
	return number && n == 0
}

// calculate returns the value of a calculation; it is not finite where there is none. Of
// integers of more than 53 bits it is not exact, which is for the enacting to tell.
func calculate(function string, args []float64) float64 {
	a, b := args[0], args[len(args)-1]
	switch function {
	case "+":
		return a + b
	case "-":
		if len(args) == 1 {
			return -a
		}
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	case "mod":
		if a != math.Trunc(a) || b != math.Trunc(b) {
			return math.NaN()
		}
		return a - b*math.Floor(a/b)
	case "min":
		return min(a, b)
	case "max":
		return max(a, b)
	case "abs":
		return math.Abs(a)
	case "round":
		return math.Round(a)
	case "floor":
		return math.Floor(a)
	case "ceiling":
		return math.Ceil(a)
	}
	return a // float
}

// becomes checks X is Calculation, and remembers the value of X.
func (k kinds) becomes(c *syntax.Compare) {
	n, known := k.number(c.Right, "calculate with numbers")
	v, ok := c.Left.(*syntax.Var)
	if !known {
		if ok && k.of[v.Name] == "" {
			k.of[v.Name] = "number"
		}
		return
	}
	var result syntax.Term = &syntax.FloatTerm{Position: c.Right.Pos(), Value: n}
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		result = &syntax.IntTerm{Position: c.Right.Pos(), Value: int64(n)}
	}
	if left := k.valueOf(c.Left); left != nil && !sameConstant(left, result) {
		k.never(c)
		return
	}
	k.know(c.Left, result)
}

// list checks a list that is looked through.
func (k kinds) list(t syntax.Term) {
	if kind := k.kind(t); kind != "" && kind != "term" && !alike(kind, "list") {
		k.report(codeKind, Warning, t.Pos(), "give a list, such as [a, b]", "%s is no list: its agent ends here",
			syntax.Short(syntax.Text(t), 60))
	}
}

// builtin checks the arguments of a built-in that ends its agent for some.
func (k kinds) builtin(goal *syntax.Const) {
	switch (key{goal.Name, len(goal.Args)}) {
	case key{"timeout", 1}:
		k.seconds(goal.Args[0])
	case key{"between", 3}:
		k.number(goal.Args[0], "give an integer")
		k.number(goal.Args[1], "give an integer")
	case key{"nth", 3}:
		k.number(goal.Args[0], "give an integer from 1 on")
		k.list(goal.Args[1])
	case key{"member", 2}:
		k.list(goal.Args[1])
	case key{"length", 2}, key{"reverse", 2}, key{"sort", 2}, key{"last", 2}, key{"delete", 3}:
		k.list(goal.Args[0])
	case key{"sum_list", 2}, key{"min_list", 2}, key{"max_list", 2}:
		k.list(goal.Args[0])
		if list, ok := goal.Args[0].(*syntax.ListTerm); ok {
			for _, item := range list.Items {
				k.number(item, "give a list of numbers")
			}
		}
	case key{"k", 1}:
		kind := k.kind(goal.Args[0])
		if slices.Contains([]string{"integer", "number", "string", "list"}, kind) && !isTerm(goal.Args[0]) {
			k.report(codeKind, Warning, goal.Args[0].Pos(), "put it into a term: k(seen(...))",
				"%s is no fact: what is remembered has a name", syntax.Short(syntax.Text(goal.Args[0]), 60))
		}
	}
}

// isTerm reports whether a term is one with a functor, which a calculation is as well.
func isTerm(t syntax.Term) bool {
	c, ok := t.(*syntax.Const)
	return ok && len(c.Args) > 0
}

// seconds checks the argument of timeout.
func (k kinds) seconds(t syntax.Term) {
	n, known := k.number(t, "give a number of seconds, such as timeout(10)")
	switch most := TimeoutMax.Seconds(); {
	case known && n < 0:
		k.report(codeKind, Warning, t.Pos(), "give a number of seconds from 0 on", "timeout(%s) has no meaning: its agent ends here",
			syntax.Text(t))
	case known && n > most:
		k.report(codeKind, Warning, t.Pos(), fmt.Sprintf("a host takes at most %.0f seconds, which are %.0f days", most, TimeoutMax.Hours()/24),
			"timeout(%s) is too long: its agent ends here", syntax.Text(t))
	}
}

// decided reports a comparison that never holds, as constants stand on both sides.
func (k kinds) decided(c *syntax.Compare) {
	left, right := k.valueOf(c.Left), k.valueOf(c.Right)
	if list, ok := c.Right.(*syntax.ListTerm); ok && c.Op == "in" && list.Tail == nil {
		among := slices.ContainsFunc(list.Items, func(item syntax.Term) bool {
			known := k.valueOf(item)
			return known == nil || left == nil || sameConstant(left, known)
		})
		if left != nil && !among {
			k.never(c)
		}
		return
	}
	if left == nil || right == nil {
		if (c.Op == "=" || c.Op == "==") && k.differ(c.Left, c.Right) {
			k.never(c)
		}
		return
	}
	holds := sameConstant(left, right)
	_, wholeL := left.(*syntax.IntTerm)
	_, wholeR := right.(*syntax.IntTerm)
	if holds && wholeL != wholeR && c.Op == `\=` {
		return // 1 and 1.0 are two terms
	}
	switch c.Op {
	case "=", "==":
	case "!=", `\=`:
		holds = !holds
	case "<", ">", "=<", ">=":
		l, okL := literal(left)
		r, okR := literal(right)
		if !okL || !okR {
			return // which is no number, and told as such
		}
		holds = map[string]bool{"<": l < r, ">": l > r, "=<": l <= r, ">=": l >= r}[c.Op]
	default:
		return
	}
	if !holds {
		k.never(c)
	}
}

func (k kinds) never(c *syntax.Compare) {
	k.report(codeNever, Warning, c.Pos(), "take it out, write fail if that is meant, or a variable that a constraint before binds",
		"%s never holds", syntax.Short(k.filled(c), 60))
}

// filled is a comparison with the values of its variables.
func (k kinds) filled(c *syntax.Compare) string {
	text := func(t syntax.Term) string {
		v, ok := t.(*syntax.Var)
		if ok && k.values[v.Name] != nil {
			return v.Name + " (which is " + syntax.Text(k.values[v.Name]) + ")"
		}
		return syntax.Text(t)
	}
	return text(c.Left) + " " + c.Op + " " + text(c.Right)
}

// sameConstant reports whether two constants are one term: a string and a constant that are
// spelled alike are.
func sameConstant(a, b syntax.Term) bool {
	x, okX := literal(a)
	y, okY := literal(b)
	if okX || okY {
		return okX && okY && x == y
	}
	return spelling(a) == spelling(b)
}

// spelling is the text of a string or a constant; "" of another term.
func spelling(t syntax.Term) string {
	if s, ok := t.(*syntax.Str); ok {
		return s.Value
	}
	return constantName(t)
}

// taken reports an argument of a role that is entered and that its clause does not take: the
// agent ends there.
func taken(cc *clauseCheck, role *syntax.Const) {
	clause := cc.roles[key{role.Name, len(role.Args)}]
	if clause == nil {
		return
	}
	for i, wanted := range clause.Agent.Role.(*syntax.Const).Args {
		if cc.vars.kinds.differ(role.Args[i], wanted) {
			cc.report(codeKind, Warning, role.Args[i].Pos(), "let the clause take a variable, and compare it in its branches",
				"%s is no argument of role %s, which takes %s: its agent ends here", syntax.Short(syntax.Text(role.Args[i]), 60), role.Name,
				syntax.Short(syntax.Text(wanted), 60))
		}
	}
}

// differ reports whether no value makes two terms one.
func (k kinds) differ(given, wanted syntax.Term) bool {
	if value := k.valueOf(given); value != nil {
		given = value
	}
	kind, other := kindOf(given), kindOf(wanted)
	if kind == "" || other == "" {
		return false
	}
	a, okA := given.(*syntax.Const)
	b, okB := wanted.(*syntax.Const)
	if okA && isArithmetic(a) || okB && isArithmetic(b) {
		return false
	}
	if okA && okB && len(a.Args)+len(b.Args) > 0 {
		if a.Name != b.Name || len(a.Args) != len(b.Args) {
			return true
		}
		for i, arg := range a.Args {
			if k.differ(arg, b.Args[i]) {
				return true
			}
		}
		return false
	}
	if !alike(kind, other) {
		return true
	}
	if kind == "list" {
		return isEmpty(given) != isEmpty(wanted) || !isEmpty(given) && itemsDiffer(k, given.(*syntax.ListTerm), wanted.(*syntax.ListTerm))
	}
	return !sameConstant(given, wanted)
}

// itemsDiffer reports whether no value makes two lists with items one.
func itemsDiffer(k kinds, a, b *syntax.ListTerm) bool {
	if more := len(a.Items) - len(b.Items); more > 0 && b.Tail == nil || more < 0 && a.Tail == nil {
		return true
	}
	for i := range min(len(a.Items), len(b.Items)) {
		if k.differ(a.Items[i], b.Items[i]) {
			return true
		}
	}
	return false
}

func isEmpty(t syntax.Term) bool {
	list, ok := t.(*syntax.ListTerm)
	return !ok || len(list.Items) == 0
}
