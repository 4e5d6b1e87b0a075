package names

import (
	"parley/lcc/syntax"
)

// builder gathers the uses of a text.
type builder struct {
	text   []byte
	number int         // of the item
	role   syntax.Term // of its clause
	uses   []Use
}

// use notes a name that begins at a position. What the parser has put there, and the text
// has not, is no use.
func (b *builder) use(s Symbol, at syntax.Position, node syntax.Node, defines bool) {
	if at.Offset < 0 || at.Offset >= len(b.text) {
		return
	}
	length := wordLength(b.text[at.Offset:])
	if b.text[at.Offset] == '\'' {
		length = quoteLength(b.text[at.Offset:])
	} else if string(b.text[at.Offset:at.Offset+length]) != s.Name {
		return
	}
	b.uses = append(b.uses, Use{Symbol: s, Position: at, Length: length, Defines: defines, Node: node, Role: b.role})
}

func (b *builder) item(item syntax.Item) {
	b.role = nil
	before := len(b.uses)
	switch item := item.(type) {
	case *syntax.RoleDecl:
		b.use(Symbol{Kind: Role, Name: item.Role.Name}, item.Role.Pos(), item, false)
		b.variables(item.Role.Args...)
	case *syntax.Annotation:
		b.annotation(item)
	case *syntax.Clause:
		b.role = item.Agent.Role
		if role, ok := item.Agent.Role.(*syntax.Const); ok {
			b.use(Symbol{Kind: Role, Name: role.Name}, role.Pos(), item, true)
			b.head(before)
			b.variables(role.Args...)
		}
		b.variables(item.Agent.ID)
		syntax.Walk(item.Body, b.event)
	case *syntax.Rule:
		b.predicate(item.Head, true)
		b.head(before)
		if item.Body != nil {
			b.constraint(item.Body)
		}
	}
}

// annotation notes what an annotation says of predicates and messages.
func (b *builder) annotation(a *syntax.Annotation) {
	for _, arg := range a.Args {
		c, ok := arg.(*syntax.Const)
		switch {
		case !ok:
		case a.Name == "knows":
			b.predicate(arg, true)
		case a.Name == "fact" || a.Name == "constraint":
			b.use(Symbol{Kind: Predicate, Name: c.Name, Arity: len(c.Args)}, c.Pos(), c, true)
		case a.Name == "message":
			b.use(Symbol{Kind: Message, Name: c.Name, Arity: len(c.Args)}, c.Pos(), c, false)
		}
	}
}

// head marks the name of an item, which is the first use after those before it.
func (b *builder) head(before int) {
	if len(b.uses) > before {
		b.uses[before].Head = true
	}
}

func (b *builder) event(d syntax.Def) {
	switch d := d.(type) {
	case *syntax.Send:
		b.message(d.Message, true)
		b.agent(d.To)
	case *syntax.Receive:
		b.message(d.Message, false)
		b.agent(d.From)
	case *syntax.Enter:
		b.agent(d.Agent)
	}
	for _, cons := range syntax.Constraints(d) {
		b.constraint(cons)
	}
}

func (b *builder) message(t syntax.Term, sent bool) {
	if m, ok := t.(*syntax.Const); ok {
		b.use(Symbol{Kind: Message, Name: m.Name, Arity: len(m.Args)}, m.Pos(), m, sent)
	}
	b.variables(t)
}

func (b *builder) agent(a *syntax.Agent) {
	b.roleOf(a.Role)
	b.variables(a.ID)
}

func (b *builder) roleOf(t syntax.Term) {
	if role, ok := t.(*syntax.Const); ok {
		b.use(Symbol{Kind: Role, Name: role.Name}, role.Pos(), role, false)
	}
	b.variables(t)
}

func (b *builder) constraint(cons syntax.Cons) {
	syntax.WalkCons(cons, func(part syntax.Cons) {
		switch part := part.(type) {
		case *syntax.Compare:
			b.variables(part.Left, part.Right)
		case *syntax.Call:
			b.call(part.Goal)
		}
	})
}

// call notes a call, and the names among its arguments that are more than data.
func (b *builder) call(goal *syntax.Const) {
	b.use(Symbol{Kind: Predicate, Name: goal.Name, Arity: len(goal.Args)}, goal.Pos(), goal, false)
	switch name := goal.Name; {
	case len(goal.Args) == 1 && (name == "k" || name == "known" || name == "retract"):
		b.predicate(goal.Args[0], name == "k")
	case len(goal.Args) == 2 && (name == "player" || name == "leastPlayer"):
		b.roleOf(goal.Args[0])
		b.variables(goal.Args[1])
	case syntax.Collected(goal) != nil:
		b.variables(goal.Args[0], goal.Args[2])
		b.constraint(syntax.Collected(goal))
	default:
		b.variables(goal.Args...)
	}
}

// predicate notes a fact: an item, or what is remembered or asked for in memory.
func (b *builder) predicate(t syntax.Term, defines bool) {
	if fact, ok := t.(*syntax.Const); ok {
		b.use(Symbol{Kind: Predicate, Name: fact.Name, Arity: len(fact.Args)}, fact.Pos(), fact, defines)
	}
	b.variables(t)
}

func (b *builder) variables(terms ...syntax.Term) {
	syntax.WalkTerms(func(t syntax.Term) {
		if v, ok := t.(*syntax.Var); ok {
			b.use(Symbol{Kind: Variable, Name: v.Name, Item: b.number}, v.Pos(), v, false)
		}
	}, terms...)
}
