package syntax

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// lowering converts the grammar's structs of one item to a tree. It recurses only where
// parentheses, brackets, "not" or minus signs nest, which bounds has limited.
type lowering struct {
	errs []*Error
	// goals says that an argument may be a constraint: it may in a call, in a fact and in
	// the head of a rule, not in a message or a role.
	goals bool
	moved moved
}

func (l *lowering) position(p lexer.Position) Position { return position(l.moved.to(p)) }

func (l *lowering) fail(p lexer.Position, hint, format string, args ...any) {
	l.errs = append(l.errs, &Error{Position: l.position(p), Message: fmt.Sprintf(format, args...), Hint: hint})
}

// item returns nil when the structs are not a valid item.
func (l *lowering) item(g *gItem) Item {
	p := l.position(g.Pos)
	if g.Note != nil && !g.Note.touches() {
		l.fail(g.Pos, "write the name of an annotation right behind it, as @knows(...), or take it out", "@ stands alone")
		head := &Const{Position: l.position(g.Note.Name.Pos), Name: g.Note.Name.Text, Args: l.note(g.Note.Args)}
		if head.Name == "r" && len(head.Args) >= 2 && len(head.Args) <= 4 {
			return l.declaration(g.Note.Name.Pos, head)
		}
		return nil
	}
	if g.Note != nil {
		return &Annotation{Position: p, Name: g.Note.Name.Text, Args: l.note(g.Note.Args)}
	}
	l.goals = g.Body.Clause == nil
	head, ok := l.primary(g.Body.Head).(*Const)
	l.goals = false
	if !ok || operators[head.Name] > 0 { // arithmetic in parentheses is not the name of a fact
		l.fail(g.Pos, "begin with a(Role, Id) ::, r(...), or a fact", "an item cannot begin with this")
		return nil
	}
	switch {
	case g.Body.Clause != nil:
		agent := l.agent(g.Pos, head)
		if agent == nil {
			return nil
		}
		return &Clause{Position: p, Agent: l.named(agent), Body: l.def(g.Body.Clause)}
	case g.Body.Rule != nil && head.Name == "a" && len(head.Args) == 2 && g.Body.Rule.hasEvents():
		l.fail(g.Body.Rule.Pos, `write "::" behind the head of a clause`, `":-" begins the condition of a rule, and this is what a role does`)
		return l.withoutBody(g.Pos, head)
	case g.Body.Rule != nil:
		return &Rule{Position: p, Head: head, Body: l.cons(g.Body.Rule)}
	case head.Name == "r" && len(head.Args) >= 2 && len(head.Args) <= 4:
		return l.declaration(g.Pos, head)
	case !g.Body.Dot:
		l.fail(g.Pos, `a fact ends with ".", a clause has "::" after its head`, "%s is neither a clause nor a fact", head.Name)
		return nil
	}
	if head.Name == "a" && len(head.Args) == 2 {
		l.fail(g.Pos, `write "::" behind it and what the role does; or is "then" missing before it?`,
			"this is the head of a clause without a clause")
		return nil
	}
	return &Rule{Position: p, Head: head}
}

// withoutBody is a clause of which only the head is as it was meant.
func (l *lowering) withoutBody(at lexer.Position, head *Const) Item {
	agent := l.agent(at, head)
	if agent == nil {
		return nil
	}
	return &Clause{Position: l.position(at), Agent: agent, Body: &Null{Position: l.position(at)}}
}

// hasEvents reports whether a definition joins events, or begins with one that has an arrow.
func (g *gDef) hasEvents() bool {
	first := g.First.First
	if len(g.Rest) > 0 || len(first.Rest) > 0 || len(first.First.Arrows) > 0 {
		return true
	}
	one := only(first.First.First)
	return one != nil && one.Group != nil && one.Group.hasEvents()
}

// touches reports whether the name of an annotation stands right behind its @.
func (g *gNote) touches() bool { return g.Name.Pos.Offset == g.Pos.Offset+1 }

// note lowers the arguments of an annotation. A nested annotation becomes a constant
// whose name keeps the @, as in @annotation(@role(buyer), ...).
func (l *lowering) note(args []*gNoteArg) (terms []Term) {
	defer func(before bool) { l.goals = before }(l.goals)
	l.goals = true // a declaration has Name = type as arguments
	for _, arg := range args {
		if arg.Note == nil {
			terms = append(terms, l.sum(arg.Term))
			continue
		}
		terms = append(terms, &Const{Position: l.position(arg.Note.Pos), Name: "@" + arg.Note.Name.Text, Args: l.note(arg.Note.Args)})
	}
	return terms
}

// kinds are the kinds of OpenKnowledge's role declarations.
const kinds = " initial necessary optional auxiliary cyclic uncommitted "

func (l *lowering) declaration(p lexer.Position, head *Const) Item {
	d := &RoleDecl{Position: l.position(p), Min: -1, Max: -1}
	role, ok := head.Args[0].(*Const)
	if !ok {
		l.fail(p, "write r(buyer, initial)", "a declaration names a role first")
		return nil
	}
	d.Role = role
	kind, ok := head.Args[1].(*Const)
	if !ok || !strings.Contains(kinds, " "+kind.Name+" ") {
		l.fail(p, "one of"+strings.TrimRight(kinds, " "), "the second argument of a declaration is its kind")
		return nil
	}
	d.Kind = kind.Name
	for i, field := range []*int{&d.Min, &d.Max} {
		if len(head.Args) <= 2+i {
			break
		}
		n, ok := head.Args[2+i].(*IntTerm)
		if !ok || n.Value < 0 || n.Value > 1<<31 {
			l.fail(p, "write r(buyer, necessary, 1, 5)", "the cardinality of a declaration is a whole number")
			return nil
		}
		*field = int(n.Value)
	}
	return d
}

// def lowers a sequence, which is right associative and of any length.
func (l *lowering) def(g *gDef) Def {
	parts := []Def{l.alt(g.First, len(g.Rest) > 0)}
	for _, rest := range g.Rest {
		parts = append(parts, l.alt(rest, true))
	}
	whole := parts[len(parts)-1]
	for i := len(parts) - 2; i >= 0; i-- {
		whole = &Then{Position: parts[i].Pos(), First: parts[i], Rest: whole}
	}
	return whole
}

func (l *lowering) alt(g *gAlt, mixed bool) Def {
	first := l.par(g.First, mixed || len(g.Rest) > 0)
	if len(g.Rest) == 0 {
		return first
	}
	or := &Or{Position: l.position(g.Pos), Branches: []Def{first}, Mixed: mixed}
	for _, rest := range g.Rest {
		or.Branches = append(or.Branches, l.par(rest, true))
	}
	return or
}

func (l *lowering) par(g *gPar, mixed bool) Def {
	first := l.event(g.First)
	if len(g.Rest) == 0 {
		return first
	}
	par := &Par{Position: l.position(g.Pos), Branches: []Def{first}, Mixed: mixed}
	for _, rest := range g.Rest {
		par.Branches = append(par.Branches, l.event(rest))
	}
	return par
}

// event lowers an event. One that has arrows has at most one error.
func (l *lowering) event(g *gEvent) Def {
	before := len(l.errs)
	d := l.arrows(g)
	if len(g.Arrows) > 0 && len(l.errs) > before {
		l.errs = l.errs[:before+1] // the others may follow from the first
	}
	return d
}

// arrows determines the kind of an event from its arrows.
func (l *lowering) arrows(g *gEvent) Def {
	p := l.position(g.Pos)
	var shape strings.Builder
	operands := []*gDisj{g.First}
	for _, arrow := range g.Arrows {
		switch {
		case arrow.If:
			shape.WriteByte('?')
		case arrow.Out:
			shape.WriteByte('>')
		default:
			shape.WriteByte('<')
		}
		operands = append(operands, arrow.Operand)
	}
	for at, arrow := range shape.String() {
		if more := behindAgent(operands[at+1]); arrow != '?' && more != nil {
			l.fail(more.Pos, joinedByThen, `"," and "and" join constraints, and this stands behind an agent`)
			return &Null{Position: p}
		}
	}
	if at := strings.IndexByte(shape.String(), '<'); at >= 0 && !hasAgent(operands[at+1]) {
		// Nothing else of the event is as it was meant.
		l.fail(g.Arrows[at].Pos, `"<=" is a receive from a(Role, Id); less-or-equal is "=<"`, "a message comes from an agent")
		return &Null{Position: p}
	}
	if at := strings.IndexByte(shape.String(), '?'); at >= 0 {
		behind := strings.IndexByte(shape.String()[at:], '>')
		if behind > 0 && !hasAgent(operands[at+behind+1]) {
			l.fail(g.Arrows[at+behind].Pos, `"=>" sends to a(Role, Id); greater-or-equal is ">="`, "a message goes to an agent")
			return &Null{Position: p}
		}
	}
	switch shape.String() {
	case "":
		return l.lone(g.First)
	case "?":
		return l.guarded(g.Pos, g.First, l.disj(operands[1]))
	case ">":
		return &Send{Position: p, Message: l.sent(operands[0]), To: l.named(l.partner(operands[1]))}
	case ">?":
		return &Send{Position: p, Message: l.sent(operands[0]), To: l.named(l.partner(operands[1])), Guard: l.disj(operands[2])}
	case "<":
		return &Receive{Position: p, Message: l.sent(operands[0]), From: l.partner(operands[1])}
	case "<?":
		return &Receive{Position: p, Message: l.sent(operands[0]), From: l.partner(operands[1]), Guard: l.disj(operands[2])}
	case "?<":
		return &Receive{Position: p, Effect: l.disj(operands[0]), Message: l.sent(operands[1]), From: l.partner(operands[2])}
	case "?<?":
		return &Receive{
			Position: p, Effect: l.disj(operands[0]), Message: l.sent(operands[1]),
			From: l.partner(operands[2]), Guard: l.disj(operands[3]),
		}
	}
	hint := `is "then" missing between two events?`
	if strings.Contains(shape.String(), "??") {
		hint = `"<-" is an arrow; for a comparison with a negative number write a space: X < -1`
	}
	for _, operand := range operands[1 : len(operands)-1] {
		if len(operand.First.Rest) > 0 { // the next event is read as one more constraint
			hint = joinedByThen
		}
	}
	l.fail(g.Arrows[len(g.Arrows)-1].Pos, hint, "an event has one message arrow and its constraints")
	return &Null{Position: p}
}

// lone lowers an event without arrows.
func (l *lowering) lone(g *gDisj) Def {
	if one := only(g); one != nil {
		if one.Group != nil {
			return l.def(one.Group)
		}
		if one.Const != nil {
			if one.Const.Name == "null" && len(one.Const.Args) == 0 {
				return &Null{Position: l.position(g.Pos)}
			}
			if agent := l.changeOfRole(one); agent != nil {
				return &Enter{Position: l.position(g.Pos), Agent: l.named(agent)}
			}
		}
	}
	goal := l.disj(g)
	l.brokenArrow(goal)
	return &Do{Position: l.position(g.Pos), Goal: goal}
}

// brokenArrow reports a comparison in the place of an event where an arrow was meant: null < p,
// or m > a(b, B).
func (l *lowering) brokenArrow(goal Cons) {
	if and, ok := goal.(*And); ok {
		goal = and.Parts[0]
	}
	c, ok := goal.(*Compare)
	if !ok {
		return
	}
	named := func(t Term, name string, arity int) bool {
		c, ok := t.(*Const)
		return ok && c.Name == name && len(c.Args) == arity
	}
	hint := ""
	switch _, variable := c.Left.(*Var); {
	case named(c.Left, "null", 0):
		hint = `"<-" stands before the constraint of an event`
	case named(c.Right, "a", 2) && !variable:
		hint = `"=>" sends to an agent, and "<=" receives from one`
	default:
		return
	}
	message := fmt.Sprintf("%q compares two values, and this is an event", c.Op)
	l.errs = append(l.errs, &Error{Position: c.Pos(), Message: message, Hint: hint})
}

func (l *lowering) guarded(p lexer.Position, g *gDisj, guard Cons) Def {
	switch d := l.lone(g).(type) {
	case *Null:
		d.Guard = guard
		return d
	case *Enter:
		d.Guard = guard
		return d
	case *Do:
		d.Guard = guard
		return d
	default:
		l.fail(p, "put the constraint on its first event", "a constraint belongs to one event, not to a group")
		return d
	}
}

// changeOfRole returns the agent of a(Role, Id), or nil for anything else.
func (l *lowering) changeOfRole(g *gPrimary) *Agent {
	if g.Const.Name != "a" || len(g.Const.Args) != 2 {
		return nil
	}
	return l.agent(g.Pos, l.primary(g).(*Const))
}

// joinedByThen is the hint for two events with a comma between them.
const joinedByThen = `write "then" before the next event; a constraint of the message stands behind "<-"`

// behindAgent returns what follows a(Role, Id) and a comma; nil: nothing does.
func behindAgent(g *gDisj) *gLit {
	if len(g.First.Rest) == 0 || !hasAgent(&gDisj{First: &gConj{First: g.First.First}}) {
		return nil
	}
	return g.First.Rest[0]
}

func hasAgent(g *gDisj) bool {
	one := only(g)
	return one != nil && one.Const != nil && one.Const.Name == "a" && len(one.Const.Args) == 2
}

func (l *lowering) partner(g *gDisj) *Agent {
	if one := only(g); one != nil && one.Const != nil {
		if agent := l.changeOfRole(one); agent != nil {
			return agent
		}
	}
	l.fail(g.Pos, "write a(Role, Id)", "a message goes to an agent")
	p := l.position(g.Pos)
	return &Agent{Position: p, Role: &Var{Position: p, Name: "_"}, ID: &Wildcard{Position: p}}
}

// named rejects _ as a role. Only a receive accepts any role; a send, a change of role
// and a clause need a definite one.
func (l *lowering) named(a *Agent) *Agent {
	if _, any := a.Role.(*Wildcard); any {
		l.errs = append(l.errs, &Error{Position: a.Pos(), Message: "_ is not a role here",
			Hint: "write a(buyer, B), or a variable that has the role"})
	}
	return a
}

func (l *lowering) agent(p lexer.Position, c *Const) *Agent {
	if c.Name != "a" || len(c.Args) != 2 {
		l.fail(p, "write a(Role, Id)", "%s is not an agent", c.Name)
		return nil
	}
	switch c.Args[0].(type) {
	case *Const, *Var, *Wildcard:
	default:
		l.fail(p, "write a(buyer, B) or a(overloaded(Need), H)", "the role of an agent is a constant, with arguments or without")
		return nil
	}
	switch c.Args[1].(type) {
	case *IntTerm, *FloatTerm:
		text := Text(c.Args[1])
		l.fail(p, "write a variable, a constant or a string, such as "+strconv.Quote(text), "the id of an agent is not a number")
		return &Agent{Position: c.Position, Role: c.Args[0], ID: &Str{Position: c.Args[1].Pos(), Value: text}} // no more faults for this one
	}
	return &Agent{Position: c.Position, Role: c.Args[0], ID: c.Args[1]}
}

// only returns the single primary that an operand consists of, or nil.
func only(g *gDisj) *gPrimary {
	if len(g.Rest) > 0 || len(g.First.Rest) > 0 {
		return nil
	}
	lit := g.First.First
	if len(lit.Nots) > 0 || lit.Cmp.Right != nil {
		return nil
	}
	sum := lit.Cmp.Left
	if len(sum.Rest) > 0 || len(sum.First.Rest) > 0 || len(sum.First.First.Minuses) > 0 {
		return nil
	}
	return sum.First.First.Operand
}

// sent lowers the message of an event.
func (l *lowering) sent(g *gDisj) Term {
	t := l.message(g)
	what, hint := "", ""
	switch t := t.(type) {
	case *IntTerm, *FloatTerm:
		what, hint = "a number", "put it into a term: price("+Text(t)+")"
	case *Str:
		what, hint = "a string", "write a constant, such as ask, or put it into a term: said("+Text(t)+")"
	case *ListTerm:
		what, hint = "a list", "put it into a term: items("+Short(Text(t), 40)+")"
	case *Const:
		if t.Name == "[]" {
			what, hint = "a list", "write a constant, such as none, or put it into a term: items([])"
		}
	}
	if what != "" {
		l.fail(g.Pos, hint, "a message is a constant or a term with a functor, and not %s", what)
		return &Const{Position: l.position(g.Pos), Name: "null"}
	}
	return t
}

func (l *lowering) message(g *gDisj) Term {
	if len(g.Rest) == 0 && len(g.First.Rest) == 0 {
		if lit := g.First.First; len(lit.Nots) == 0 && lit.Cmp.Right == nil {
			return l.sum(lit.Cmp.Left)
		}
	}
	l.fail(g.Pos, "put several values into one message: offer(A, B)", "a message is one term")
	return &Const{Position: l.position(g.Pos), Name: "null"}
}
